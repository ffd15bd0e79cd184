package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * A head and the bytes of a file behind it, on their way into a socket that does not block: by
 * send(2) with MSG_MORE and by sendfile(2), so that both leave together and the file's bytes are
 * never copied by us. On the connection's event loop only.
 */
final class Handover {
  private final Sendfile calls;
  private @Nullable ByteBuf head;
  private @Nullable FileLease lease;
  private long position;
  private long remaining;
  private long done;

  Handover(Sendfile calls) {
    this.calls = calls;
  }

  /** Begins with another head and body; the one before must have ended. */
  void begin(ByteBuf ahead, FileLease of, long from, long length) {
    head = ahead;
    lease = of;
    position = from;
    remaining = length;
    done = 0;
  }

  /** The file that is under way, or null. */
  @Nullable FileLease lease() {
    return lease;
  }

  /** The head as far as it was not taken, or null; then whoever takes it releases it. */
  @Nullable ByteBuf takeHead() {
    ByteBuf left = head;
    head = null;
    return left;
  }

  /** Of the next byte in the file. */
  long position() {
    return position;
  }

  /** Bytes of the file that are still to be handed over. */
  long remaining() {
    return remaining;
  }

  /** Bytes of the file that were handed over. */
  long done() {
    return done;
  }

  /**
   * Hands over what the socket takes, of the file at most so many bytes.
   *
   * @return false when the socket takes no more
   * @throws ContentReadException when the file is at fault
   */
  boolean push(int socket, long most) throws IOException {
    FileLease from = lease;
    return from != null && pushHead(socket) && pushFile(socket, from, most);
  }

  private boolean pushHead(int socket) throws IOException {
    ByteBuf bytes = head;
    while (bytes != null) {
      long sent = calls.sendHead(socket, bytes);
      if (sent == -Errno.EAGAIN) {
        return false;
      }
      if (sent < 0 && sent != -Errno.EINTR) {
        throw new IOException("send failed with errno " + -sent);
      }
      bytes.skipBytes((int) Math.max(0, sent));
      if (!bytes.isReadable()) {
        bytes.release();
        head = null;
        bytes = null;
      }
    }
    return true;
  }

  private boolean pushFile(int socket, FileLease from, long most) throws IOException {
    long left = Math.min(remaining, most);
    while (left > 0) {
      long sent = calls.sendfile(socket, from.descriptor(), position, left);
      if (sent == -Errno.EAGAIN) {
        return false;
      }
      if (sent == 0) {
        throw new ContentReadException("the file ends at byte " + position + ", before it should");
      }
      if (sent < 0) {
        check(sent);
        continue;
      }
      position += sent;
      remaining -= sent;
      done += sent;
      // Until EAGAIN: while we sent, the other side has taken some, and a call that finds room
      // saves the longer way over the event loop.
      left -= sent;
    }
    return true;
  }

  private void check(long result) throws IOException {
    long errno = -result;
    if (Errno.isReadFault(errno)) {
      throw new ContentReadException("sendfile at byte " + position + " failed, errno " + errno);
    }
    if (errno != Errno.EINTR) {
      throw new IOException("sendfile failed with errno " + errno);
    }
  }

  /** Lets go of what is left. */
  void drop() {
    lease = null;
    ByteBuf bytes = takeHead();
    if (bytes != null) {
      bytes.release();
    }
  }
}
