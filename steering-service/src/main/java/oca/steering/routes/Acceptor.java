package oca.steering.routes;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import oca.model.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the TCP connections of a source that others connect to, on one virtual thread. Whoever is
 * handed a connection must not block: the next one waits for it.
 */
public final class Acceptor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  /** Connections that the kernel holds for us; more are refused by it. */
  private static final int BACKLOG = 64;

  /** After a failure such as too many open files, which would only repeat at once. */
  private static final int PAUSE_MILLIS = 100;

  private final String name;
  private final ServerSocketChannel channel;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private Acceptor(String name, ServerSocketChannel channel, Consumer<SocketChannel> guest) {
    this.name = name;
    this.channel = channel;
    this.thread = Thread.ofVirtual().name(name + "-accept").unstarted(() -> run(guest));
  }

  /**
   * Binds and begins to take connections.
   *
   * @param name of the source, for operators
   * @param guest is handed each connection, and owns it from then on
   * @throws IOException when the address cannot be had; the message names place and remedy
   */
  public static Acceptor start(String name, Endpoint listen, Consumer<SocketChannel> guest)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      InetSocketAddress address = listen.resolve();
      if (address.isUnresolved()) {
        throw new IOException("no such host");
      }
      channel.bind(address, BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "%s cannot listen on %s: %s; set its listen to an address of this machine that is free"
              .formatted(name, listen, e.getMessage()),
          e);
    }
    Acceptor acceptor = new Acceptor(name, channel, guest);
    acceptor.thread.start();
    return acceptor;
  }

  /** The port that was taken. */
  public int port() {
    return channel.socket().getLocalPort();
  }

  /** Takes no more; connections handed out stay. */
  @Override
  public void close() {
    closing.countDown();
    try {
      channel.close();
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (IOException e) {
      log.debug("{}: closing the listening socket failed: {}", name, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Consumer<SocketChannel> guest) {
    boolean told = false;
    while (closing.getCount() > 0) {
      try {
        guest.accept(channel.accept());
        told = false;
      } catch (IOException e) {
        if (closing.getCount() > 0 && !told) {
          log.warn("{} cannot take connections: {}; trying on", name, e.getMessage());
          told = true;
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      if (closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("{} takes no more connections", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing.countDown();
    }
  }
}
