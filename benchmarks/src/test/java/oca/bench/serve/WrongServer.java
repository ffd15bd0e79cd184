package oca.bench.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Answers ranges of the made file as a server should, but for what a test has it do wrong. */
final class WrongServer implements AutoCloseable {
  static final int FILE_BYTES = 1 << 20;

  private final ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final UnaryOperator<String> head;
  private final UnaryOperator<byte[]> body;

  WrongServer(UnaryOperator<String> head, UnaryOperator<byte[]> body) throws IOException {
    this.head = head;
    this.body = body;
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void serve() {
    try (Socket socket = listening.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("Range: bytes=")) {
          String[] range = line.substring("Range: bytes=".length()).split("-", -1);
          answer(socket.getOutputStream(), Long.parseLong(range[0]), Long.parseLong(range[1]));
        }
      }
    } catch (IOException e) {
      // The client hung up, as it does after a wrong answer; what it says of it is the test.
      assert listening.isBound() : e;
    }
  }

  private void answer(OutputStream out, long from, long last) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (last - from + 1));
    MadeBytes.fill(bytes, from);
    String right =
        """
        HTTP/1.1 206 Partial Content
        Content-Length: %d
        Content-Range: bytes %d-%d/%d

        """
            .formatted(bytes.capacity(), from, last, FILE_BYTES)
            .replace("\n", "\r\n");
    out.write(head.apply(right).getBytes(StandardCharsets.US_ASCII));
    out.write(body.apply(bytes.array()));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
