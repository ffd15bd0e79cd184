package oca.protocol.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix domain socket before a {@link ControlListener}: whoever may write to the file may ask.
 *
 * <p>The JDK's HTTP server cannot listen on such a socket, so this passes bytes to and fro between
 * it and the listener's address, two virtual threads a connection, without looking at them. To the
 * listener all of them come from this machine; how long a connection may idle is the listener's
 * affair. Beyond so many connections at once a further one is closed at once and counted.
 *
 * <p>The file has mode 0660. It is deleted when this is closed; one that a crash left is replaced,
 * but not one that somebody listens on, nor a file that is no socket.
 */
public final class UnixDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnixDoor.class);
  private static final int STEP = 16 << 10;
  private static final int S_IFMT = 0170000;
  private static final int S_IFSOCK = 0140000;

  private final Path path;
  private final SocketAddress inside;
  private final ServerSocketChannel door;
  private final @Nullable Object fileKey;
  private final Semaphore places;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
  private final LongAdder refused = new LongAdder();
  private volatile boolean closed;

  private UnixDoor(Path path, SocketAddress inside, ServerSocketChannel door, int connections)
      throws IOException {
    this.path = path;
    this.inside = inside;
    this.door = door;
    this.places = new Semaphore(connections);
    this.fileKey = fileKey(path);
  }

  /**
   * Begins to pass on.
   *
   * @param path of the socket; its folder exists
   * @param to whose requests they become
   * @param connections at once, at most
   * @throws IOException when the path cannot be had; the message names it and says why
   */
  public static UnixDoor open(Path path, ControlListener to, int connections) throws IOException {
    removeStale(path);
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      door.bind(UnixDomainSocketAddress.of(path));
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      UnixDoor opened = new UnixDoor(path, reachable(to.address()), door, connections);
      Thread.ofVirtual().name("unix-door").start(opened::accept);
      return opened;
    } catch (IOException | RuntimeException e) {
      door.close();
      throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public Path path() {
    return path;
  }

  /** Connections closed at once because too many were open. */
  public long refused() {
    return refused.sum();
  }

  /** Takes no more, breaks off what is under way, and deletes the file if it is still its own. */
  @Override
  public void close() throws IOException {
    closed = true;
    door.close();
    for (SocketChannel channel : open) {
      channel.close();
    }
    if (fileKey != null && fileKey.equals(fileKey(path))) {
      Files.deleteIfExists(path);
    }
  }

  private static SocketAddress reachable(InetSocketAddress bound) {
    return bound.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort())
        : bound;
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & S_IFMT) != S_IFSOCK) {
      throw new IOException("cannot listen on " + path + ": there is a file that is no socket");
    }
    if (answers(path)) {
      throw new IOException("cannot listen on " + path + ": another process does");
    }
    log.info("{} was left by a process that is gone; it is replaced", path);
    Files.deleteIfExists(path);
  }

  private static boolean answers(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (ConnectException e) {
      // Refused: the file is there, but nobody is behind it.
      return false;
    }
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)
        : null;
  }

  private void accept() {
    while (!closed) {
      try {
        SocketChannel outer = door.accept();
        if (places.tryAcquire()) {
          Thread.ofVirtual().name("unix-door-in").start(() -> relay(outer));
        } else {
          refused.increment();
          outer.close();
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        log.warn("{} does not take connections any more: {}", path, e.getMessage());
        return;
      }
    }
  }

  private void relay(SocketChannel outer) {
    try (outer;
        SocketChannel inner = SocketChannel.open()) {
      open.add(outer);
      open.add(inner);
      if (closed) {
        return;
      }
      inner.connect(inside);
      Thread back = Thread.ofVirtual().name("unix-door-out").start(() -> answer(inner, outer));
      pipe(outer, inner);
      back.join();
    } catch (IOException e) {
      log.debug("a connection to {} ended early", path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(outer);
      open.removeIf(channel -> !channel.isOpen());
      places.release();
    }
  }

  /** A client that stays when the listener has ended its connection must not keep a place. */
  private static void answer(SocketChannel inner, SocketChannel outer) {
    pipe(inner, outer);
    closeBoth(inner, outer);
  }

  /** Passes on until the end of one side, and tells the other that it has come. */
  private static void pipe(SocketChannel from, SocketChannel to) {
    ByteBuffer step = ByteBuffer.allocate(STEP);
    try {
      while (from.read(step.clear()) >= 0) {
        step.flip();
        while (step.hasRemaining()) {
          to.write(step);
        }
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone: what the other still has to say has nobody to hear it.
      log.debug("broken off: {}", e.toString());
      closeBoth(from, to);
    }
  }

  private static void closeBoth(SocketChannel from, SocketChannel to) {
    try (from;
        to) {
      log.trace("closing {} and {}", from, to);
    } catch (IOException e) {
      log.debug("a connection did not close: {}", e.toString());
    }
  }
}
