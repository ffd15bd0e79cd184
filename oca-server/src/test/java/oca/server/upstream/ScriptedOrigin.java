package oca.server.upstream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** An origin that answers with exactly the bytes it is told, each connection on its own thread. */
final class ScriptedOrigin implements AutoCloseable {
  /** What is done with each connection. */
  interface Script {
    void serve(Peer peer) throws IOException, InterruptedException;
  }

  /** The origin's end of one connection. */
  static final class Peer {
    final Socket socket;
    final int number;
    private final InputStream in;
    private final OutputStream out;
    private final Queue<String> seen;

    private Peer(Socket socket, int number, Queue<String> seen) throws IOException {
      this.socket = socket;
      this.number = number;
      this.seen = seen;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    /** The next request's head, or null when the connection has ended. */
    String request() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (true) {
        int b = in.read();
        if (b < 0) {
          return null;
        }
        head.write(b);
        String text = head.toString(StandardCharsets.ISO_8859_1);
        if (text.endsWith("\r\n\r\n")) {
          seen.add(text);
          return text;
        }
      }
    }

    String read(int bytes) throws IOException {
      return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    Peer say(String text) throws IOException {
      return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Peer say(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
      return this;
    }

    /** Waits until the other side ends. */
    void awaitEnd() throws IOException {
      try {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (SocketException _) {
        // A reset is an end too.
      }
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  private final ServerSocket server;
  private final Script script;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger ended = new AtomicInteger();
  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();

  ScriptedOrigin(Script script) throws IOException {
    this(new ServerSocket(), script);
  }

  /** Serves on a socket of another kind, which is not bound yet. */
  ScriptedOrigin(ServerSocket server, Script script) throws IOException {
    this.server = server;
    this.script = script;
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    Thread.ofVirtual().start(this::accept);
  }

  /** Answers every request of every connection with that. */
  static ScriptedOrigin answering(String answer) throws IOException {
    return new ScriptedOrigin(
        peer -> {
          while (peer.request() != null) {
            peer.say(answer);
          }
        });
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        int number = connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(socket, number));
      } catch (IOException _) {
        // Closed, or a peer that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      script.serve(new Peer(socket, number, requests));
    } catch (SocketException | SSLException | InterruptedException _) {
      // The other side went away.
    } catch (Throwable e) {
      faults.add(e);
    } finally {
      ended.incrementAndGet();
    }
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** A port of this machine where nobody listens. */
  static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
