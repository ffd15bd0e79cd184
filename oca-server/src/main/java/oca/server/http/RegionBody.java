package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import oca.store.ContentLease;
import org.jspecify.annotations.Nullable;

/**
 * Bodies on epoll and NIO, where Netty's file region is sendfile(2) as it should be.
 *
 * <p>One region of at most a chunk is with Netty at a time; the next follows in a later turn of the
 * event loop, so that one connection's body does not hold up the others.
 */
final class RegionBody implements BodySender {
  private final Channel channel;
  private final Listener listener;
  private final long chunk;

  private @Nullable ContentLease lease;
  private @Nullable LentRegion region;
  private long position;
  private long remaining;
  private long handedBefore;

  RegionBody(Channel channel, Listener listener, long chunk) {
    this.channel = channel;
    this.listener = listener;
    this.chunk = chunk;
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
  public void send(ByteBuf head, ContentLease of, long from, long length) {
    lease = of;
    position = from;
    remaining = length;
    handedBefore = 0;
    // When the head fails, so does the region behind it, which tells.
    var _ = channel.write(head);
    next();
  }

  private void next() {
    ContentLease from = lease;
    if (from == null) {
      return;
    }
    LentRegion part = new LentRegion(from.channel(), position, Math.min(remaining, chunk));
    region = part;
    channel.writeAndFlush(part).addListener((ChannelFuture written) -> ended(part, written));
  }

  private void ended(LentRegion part, ChannelFuture written) {
    ContentLease from = lease;
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
      channel.eventLoop().execute(this::next);
    }
  }

  private void finish(@Nullable IOException cause) {
    lease = null;
    listener.bodyEnded(cause);
  }

  /** Netty reports both ends' failures alike; the file is at fault when it is short or says EIO. */
  private static IOException fault(Throwable cause, ContentLease from, LentRegion part) {
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
    lease = null;
  }
}
