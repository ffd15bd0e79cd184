package oca.protocol.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Unix domain socket before a {@link ControlListener}: whoever may write to the file may ask.
 *
 * <p>Requests are answered by the same routes, under the same limits of time and size, and come
 * from loopback. Beyond so many connections at once a further one is closed at once and counted.
 *
 * <p>The file has mode 0660 from the first. It is deleted when this is closed; one that a crash
 * left is replaced, but not one that somebody listens on, nor a file that is no socket.
 */
public final class UnixDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnixDoor.class);
  private static final int S_IFMT = 0170000;
  private static final int S_IFSOCK = 0140000;

  private final Path path;
  private final int most;
  private final AtomicInteger count = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel door;
  private final @Nullable Object fileKey;

  private UnixDoor(Path path, ControlListener to, int most) throws IOException {
    this.path = path;
    this.most = most;
    // Bound under another name, for Netty deletes whatever has the name that it bound; and so
    // nobody finds it under its own before it has its mode.
    Path first = path.resolveSibling(path.getFileName() + "~");
    removeStale(first);
    this.door = to.open(first, new Inside(to.state()));
    try {
      Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("rw-rw----"));
      Files.move(first, path, StandardCopyOption.ATOMIC_MOVE);
      this.fileKey = fileKey(path);
    } catch (IOException | RuntimeException e) {
      var _ = door.close().syncUninterruptibly();
      throw e;
    }
  }

  /**
   * Begins to listen.
   *
   * @param path of the socket; its folder exists
   * @param to whose routes answer; closed after this
   * @param connections at once, at most
   * @throws IOException when the path cannot be had; the message names it and says why
   */
  public static UnixDoor open(Path path, ControlListener to, int connections) throws IOException {
    removeStale(path);
    try {
      return new UnixDoor(path, to, connections);
    } catch (IOException | RuntimeException e) {
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
    var _ = door.close().syncUninterruptibly();
    var _ = open.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    if (fileKey != null && fileKey.equals(fileKey(path))) {
      Files.deleteIfExists(path);
    }
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

  /** Lets connections in as {@link Entrance} does, by a count of its own. */
  private final class Inside extends ChannelInitializer<Channel> {
    private final ListenerState state;

    private Inside(ListenerState state) {
      this.state = state;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (count.incrementAndGet() > most) {
        count.decrementAndGet();
        refused.increment();
        var _ = channel.close();
        return;
      }
      var _ = channel.closeFuture().addListener(_ -> count.decrementAndGet());
      open.add(channel);
      ControlDecoder decoder = new ControlDecoder(state.connections());
      channel.pipeline().addLast(decoder, new ControlConnection(state, decoder));
    }
  }
}
