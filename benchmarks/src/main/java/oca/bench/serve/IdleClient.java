package oca.bench.serve;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that ask for one small range each, one after the other, and then idle. */
final class IdleClient implements AutoCloseable {
  private static final int SIZE = 4096;

  private final int port;
  private final AnswerHead heads;
  private final byte[] request =
      """
      GET /%s HTTP/1.1\r
      Host: 127.0.0.1\r
      Range: bytes=0-%d\r
      \r
      """
          .formatted(MadeBytes.PATH, SIZE - 1)
          .getBytes(StandardCharsets.US_ASCII);
  private final ByteBuffer answer = ByteBuffer.allocate(SIZE + 2048);
  private final List<SocketChannel> open = new ArrayList<>();

  IdleClient(int port, long fileBytes) {
    this.port = port;
    this.heads = new AnswerHead(fileBytes);
  }

  /** Opens so many more. */
  void open(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open();
      open.add(channel);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      if (!ask(channel)) {
        throw new IOException("connection " + open.size() + " was closed instead of answered");
      }
    }
  }

  /** Asks on each once more: how many have answered. */
  int askAgain() {
    int answered = 0;
    for (SocketChannel channel : open) {
      answered += answers(channel) ? 1 : 0;
    }
    return answered;
  }

  private boolean answers(SocketChannel channel) {
    try {
      return ask(channel);
    } catch (IOException e) {
      return false; // it was not kept
    }
  }

  /** Whether a whole answer came, which must be right. */
  private boolean ask(SocketChannel channel) throws IOException {
    ByteBuffer asked = ByteBuffer.wrap(request);
    while (asked.hasRemaining()) {
      channel.write(asked);
    }
    answer.clear();
    int head = -1;
    while (head < 0 || answer.position() < head + SIZE) {
      if (channel.read(answer) < 0) {
        return false;
      }
      head = head < 0 ? AnswerHead.end(answer.array(), answer.position()) : head;
    }
    heads.check(answer.array(), head, 0, SIZE);
    MemorySegment body = MemorySegment.ofArray(answer.array()).asSlice(head, SIZE);
    if (MadeBytes.mismatch(body, SIZE, 0) >= 0) {
      throw new IOException("a wrong byte");
    }
    return true;
  }

  void closeAll() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
    open.clear();
  }

  @Override
  public void close() throws IOException {
    closeAll();
  }
}
