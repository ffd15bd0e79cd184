package oca.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import oca.model.Endpoint;

/**
 * A wire between two processes that can be cut and mended, and that can lie: then one bit in each 8
 * KiB of what the target answers is another. TCP, on loopback.
 */
final class Relay implements AutoCloseable {
  private static final int PART = 8192;

  private final ServerSocket listener;
  private final Endpoint target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;
  private volatile boolean lies;

  Relay(Endpoint target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("relay").start(this::accept);
  }

  /** Where it listens. */
  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  /** Nothing passes any more, and what was connected is reset. */
  void cut() {
    cut = true;
    open.forEach(Relay::closeQuietly);
  }

  /** What connects from now on passes again. */
  void mend() {
    cut = false;
  }

  /** From now on answers are altered, or not any more. */
  void lie(boolean on) {
    lies = on;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket from = listener.accept();
        if (cut) {
          from.close();
          continue;
        }
        Socket to = new Socket(target.host(), target.port());
        open.add(from);
        open.add(to);
        Thread.ofVirtual().start(() -> copy(from, to, false));
        Thread.ofVirtual().start(() -> copy(to, from, true));
      } catch (IOException e) {
        // Closed, or the target is away: who connects next finds out.
      }
    }
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] part = new byte[PART];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        if (isAnswer && lies && count == PART) {
          // Not the first bytes: an answer whose head is no head is no lie but noise.
          part[PART - 1] ^= 1;
        }
        out.write(part, 0, count);
      }
    } catch (IOException e) {
      // Cut, or ended by one side.
    } finally {
      closeQuietly(from);
      closeQuietly(to);
      open.remove(from);
      open.remove(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    open.forEach(Relay::closeQuietly);
  }
}
