package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** TCP. */
record ClearLine(Calls calls, int socket) implements Line {
  @Override
  public void send(MemorySegment bytes, long length) throws IOException {
    long sent = calls.send(socket, bytes, length);
    if (sent != length) {
      throw new IOException("sending a request of " + length + " bytes answered " + sent);
    }
  }

  @Override
  public long receive(MemorySegment into, long length) throws IOException {
    return checked(calls.receive(socket, into, length));
  }

  @Override
  public long discard(long length) throws IOException {
    return checked(calls.discard(socket, length));
  }

  @Override
  public boolean keepsBack() {
    return false;
  }

  @Override
  public void close() {
    calls.close(socket);
  }

  private static long checked(long received) throws IOException {
    if (received < 0 && received != AGAIN) {
      throw new IOException("recv failed with errno " + -received);
    }
    return received;
  }
}
