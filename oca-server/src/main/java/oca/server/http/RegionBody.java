package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.Executor;
import java.util.function.Function;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Bodies as Netty's file regions, which on epoll and NIO are sendfile(2) as it should be.
 *
 * <p>One region of at most a chunk is with Netty at a time; the next follows in a later turn of the
 * event loop, so that one connection's body does not hold up the others.
 */
final class RegionBody implements BodySender {
  private final Channel channel;
  private final Listener listener;
  private final Executor turns;
  private final Supply supply;
  private final Runnable nextTurn = this::next;

  private @Nullable ByteBuf head;
  private @Nullable FileLease lease;
  private @Nullable LentRegion region;
  private long position;
  private long remaining;
  private long handedBefore;

  /**
   * @param turns runs the next turn after others had theirs
   */
  RegionBody(
      Channel channel, Listener listener, Executor turns, Function<Runnable, Supply> supplies) {
    this.channel = channel;
    this.turns = turns;
    this.listener = listener;
    this.supply = supplies.apply(this::next);
  }

  /** For the rest of bodies that another has begun, by whom {@link #next} is called after waits. */
  RegionBody(Channel channel, Listener listener, Executor turns, Supply supply) {
    this.channel = channel;
    this.turns = turns;
    this.listener = listener;
    this.supply = supply;
  }

  /** A region of a file that is not ours to close. */
  private static final class LentRegion extends DefaultFileRegion {
    LentRegion(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // The lease closes the file.
    }
  }

  @Override
  public void send(ByteBuf ahead, FileLease of, long from, long length) {
    reset();
    supply.begin(of, from, length);
    sendRest(ahead, of, from, length);
  }

  /** Forgets how much was handed over; nothing is under way. */
  void reset() {
    handedBefore = 0;
  }

  /** Sends what is left of a head, if anything, and bytes of a file behind it. */
  void sendRest(@Nullable ByteBuf ahead, FileLease of, long from, long length) {
    head = ahead;
    lease = of;
    position = from;
    remaining = length;
    next();
  }

  /** Gives Netty the next region, if it is in memory and none is with it. */
  void next() {
    FileLease from = lease;
    if (from == null || region != null) {
      return;
    }
    long most;
    try {
      most = supply.ready(position);
    } catch (ContentReadException e) {
      if (supply.isBegun()) {
        finish(e);
      } else {
        refuse(e);
      }
      return;
    }
    if (most == Supply.WAIT) {
      return;
    }
    if (most == Supply.REFUSED) {
      refuse(null);
      return;
    }
    ByteBuf ahead = takeHead();
    if (ahead != null) {
      // When the head fails, so does the region behind it, which tells.
      var _ = channel.write(ahead);
    }
    LentRegion part = new LentRegion(from.channel(), position, most);
    region = part;
    channel.writeAndFlush(part).addListener((ChannelFuture written) -> ended(part, written));
  }

  private void ended(LentRegion part, ChannelFuture written) {
    FileLease from = lease;
    if (from == null) {
      return;
    }
    handedBefore += part.transferred();
    region = null;
    listener.bodyProgressed();
    Throwable cause = written.cause();
    if (cause != null) {
      finish(fault(cause, from, part));
      return;
    }
    position += part.count();
    remaining -= part.count();
    if (remaining == 0) {
      finish(null);
    } else {
      turns.execute(nextTurn);
    }
  }

  private void finish(@Nullable IOException cause) {
    drop();
    listener.bodyEnded(cause);
  }

  private void refuse(@Nullable ContentReadException fault) {
    drop();
    listener.bodyRefused(fault);
  }

  private void drop() {
    supply.drop();
    lease = null;
    ByteBuf ahead = takeHead();
    if (ahead != null) {
      ahead.release();
    }
  }

  private @Nullable ByteBuf takeHead() {
    ByteBuf ahead = head;
    head = null;
    return ahead;
  }

  /** Netty reports both ends' failures alike; the file is at fault when it is short or says EIO. */
  private static IOException fault(Throwable cause, FileLease from, LentRegion part) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof ClosedChannelException closed) {
      return closed;
    }
    try {
      long end = part.position() + part.count();
      if (from.channel().size() < end || message.contains("Input/output error")) {
        return new ContentReadException("cannot read up to byte " + end + ": " + message, cause);
      }
    } catch (IOException e) {
      return new ContentReadException("cannot tell the file's size: " + e.getMessage(), e);
    }
    return cause instanceof IOException io ? io : new IOException(cause);
  }

  @Override
  public boolean awaitsDisk() {
    return supply.isWaiting();
  }

  @Override
  public long awaitsDiskSince() {
    return supply.waitingSince();
  }

  @Override
  public void giveUpDisk() {
    supply.giveUp();
  }

  @Override
  public long handedOver() {
    LentRegion part = region;
    return handedBefore + (part == null ? 0 : part.transferred());
  }

  @Override
  public void abandon() {
    LentRegion part = region;
    if (part != null) {
      handedBefore += part.transferred();
      region = null;
    }
    drop();
  }
}
