package oca.fill.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A way to a PostgreSQL that breaks at a commit, before or after the server has heard of it. */
final class CutProxy implements AutoCloseable {
  /** Where it breaks. */
  enum Cut {
    NOWHERE,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  private static final String COMMIT = "COMMIT";

  private final int server;
  private final ServerSocket entrance;
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NOWHERE);
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile boolean refuse;

  CutProxy(int server) throws IOException {
    this.server = server;
    this.entrance = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Breaks the connection at its next commit. */
  void next(Cut cut) {
    next.set(cut);
  }

  /** Whether new connections are closed at once. */
  void refuse(boolean closed) {
    refuse = closed;
  }

  /** How often it broke. */
  int cuts() {
    return cuts.get();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = entrance.accept();
        if (refuse) {
          client.close();
          continue;
        }
        Socket to = new Socket(InetAddress.getLoopbackAddress(), server);
        Thread.ofVirtual().start(() -> back(to, client));
        Thread.ofVirtual().start(() -> forth(client, to));
      }
    } catch (IOException e) {
      // The test is over.
      next.set(Cut.NOWHERE);
    }
  }

  private void forth(Socket client, Socket to) {
    byte[] buffer = new byte[1 << 16];
    try (client;
        to) {
      InputStream in = client.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        boolean commits = new String(buffer, 0, read, StandardCharsets.ISO_8859_1).contains(COMMIT);
        Cut cut = commits ? next.getAndSet(Cut.NOWHERE) : Cut.NOWHERE;
        switch (cut) {
          case NOWHERE -> out.write(buffer, 0, read);
          case BEFORE_COMMIT -> {
            cuts.incrementAndGet();
            return;
          }
          case AFTER_COMMIT -> {
            // The client's side ends first, so that it hears nothing of what the server says.
            client.close();
            out.write(buffer, 0, read);
            out.flush();
            to.shutdownOutput();
            cuts.incrementAndGet();
            // Until the server is through: a reset would take the commit from it.
            to.getInputStream().transferTo(OutputStream.nullOutputStream());
            return;
          }
        }
      }
    } catch (IOException e) {
      // One of both sides is gone, and so is the connection.
      return;
    }
  }

  private static void back(Socket to, Socket client) {
    try (client) {
      to.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // As above.
      return;
    }
  }
}
