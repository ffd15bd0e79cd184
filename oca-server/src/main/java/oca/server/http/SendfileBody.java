package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.Set;
import oca.store.ContentLease;
import org.jspecify.annotations.Nullable;

/**
 * Bodies on io_uring: send(2) of the head and sendfile(2) of the file, by ourselves.
 *
 * <p>Netty 4.2 turns a file region on io_uring into splices of 64 KiB through a pipe and cuts
 * offsets to 32 bits, so that a range beyond 2 GiB fails and one beyond 4 GiB has <em>wrong
 * bytes</em>. Hence Netty's loop accepts, receives, and sends whatever has no body, while heads
 * with bodies go straight to the socket. When the socket takes no more, a one-shot POLL_ADD in the
 * same ring tells when it does.
 *
 * <p>Both ways of writing share the socket, so they must not mix: the caller starts a body only
 * once all that went through Netty is written, and writes through Netty only once the body has
 * ended. The socket must be non-blocking ({@link Sendfile#unblock}).
 */
final class SendfileBody implements BodySender, IoUringIoHandle {
  private static final byte POLL_ADD = 6;
  private static final byte ASYNC_CANCEL = 14;
  private static final int POLLOUT = 4;

  /** What Netty gives for an operation that was not submitted, and never for one that was. */
  private static final long NO_POLL = 0;

  private static final short POLL_TAG = 1;
  private static final short CANCEL_TAG = 2;

  /**
   * What sendfile(2) says when the file cannot be read: EIO, ENXIO, EBADMSG, ENODATA, ESTALE,
   * EUCLEAN, EREMOTEIO. Everything else is the socket's.
   */
  private static final Set<Long> READ_FAULTS = Set.of(5L, 6L, 74L, 61L, 116L, 117L, 121L);

  private final Channel channel;
  private final Listener listener;
  private final Sendfile calls;
  private final long chunk;
  private final Runnable nextTurn = this::turn;

  private @Nullable IoRegistration registration;
  private long pollId = NO_POLL;

  private @Nullable ByteBuf head;
  private @Nullable ContentLease lease;
  private long position;
  private long remaining;
  private long handedOver;

  SendfileBody(Channel channel, Listener listener, Sendfile calls, long chunk) {
    this.channel = channel;
    this.listener = listener;
    this.calls = calls;
    this.chunk = chunk;
  }

  @Override
  public void send(ByteBuf ahead, ContentLease of, long from, long length) {
    head = ahead;
    lease = of;
    position = from;
    remaining = length;
    handedOver = 0;
    turn();
  }

  /** Hands over what the socket takes, at most a chunk. */
  private void turn() {
    ContentLease from = lease;
    if (from == null || pollId != NO_POLL) {
      return;
    }
    // The number of a closed socket may be another connection's by now.
    if (!channel.isOpen()) {
      finish(new java.nio.channels.ClosedChannelException());
      return;
    }
    int socket = ((UnixChannel) channel).fd().intValue();
    try {
      if (!sendHead(socket) || !sendFile(socket, from)) {
        awaitWritable(socket);
      } else if (remaining > 0) {
        channel.eventLoop().execute(nextTurn);
      } else {
        finish(null);
      }
    } catch (IOException e) {
      finish(e);
    }
  }

  /** Returns false when the socket takes no more. */
  private boolean sendHead(int socket) throws IOException {
    ByteBuf bytes = head;
    while (bytes != null) {
      long sent = calls.sendHead(socket, bytes);
      if (sent == -Sendfile.EAGAIN) {
        return false;
      }
      if (sent < 0 && sent != -Sendfile.EINTR) {
        throw new IOException("send failed with errno " + -sent);
      }
      bytes.skipBytes((int) Math.max(0, sent));
      if (!bytes.isReadable()) {
        bytes.release();
        head = null;
        bytes = null;
      }
    }
    return true;
  }

  /** Returns false when the socket takes no more. */
  private boolean sendFile(int socket, ContentLease from) throws IOException {
    long left = Math.min(remaining, chunk);
    while (left > 0) {
      long sent = calls.sendfile(socket, from.descriptor(), position, left);
      if (sent == -Sendfile.EAGAIN) {
        return false;
      }
      if (sent == 0) {
        throw new ContentReadException("the file ends at byte " + position + ", before it should");
      }
      if (sent < 0) {
        check(sent);
        continue;
      }
      position += sent;
      remaining -= sent;
      handedOver += sent;
      listener.bodyProgressed();
      if (sent < left) {
        // A full socket; asking again would only cost a call to hear EAGAIN.
        return false;
      }
      left -= sent;
    }
    return true;
  }

  private void check(long result) throws IOException {
    long errno = -result;
    if (READ_FAULTS.contains(errno)) {
      throw new ContentReadException("sendfile at byte " + position + " failed, errno " + errno);
    }
    if (errno != Sendfile.EINTR) {
      throw new IOException("sendfile failed with errno " + errno);
    }
  }

  private void awaitWritable(int socket) throws IOException {
    pollId =
        registration()
            .submit(
                new IoUringIoOps(
                    POLL_ADD,
                    (byte) 0,
                    (short) 0,
                    socket,
                    0,
                    0,
                    0,
                    POLLOUT,
                    (long) POLL_TAG,
                    (short) 0,
                    (short) 0,
                    0,
                    0));
    if (pollId == NO_POLL) {
      throw new IOException("the event loop takes no more operations");
    }
  }

  private IoRegistration registration() throws IOException {
    IoRegistration known = registration;
    if (known != null) {
      return known;
    }
    Future<IoRegistration> made = ((IoEventLoop) channel.eventLoop()).register(this);
    // On its own thread the event loop registers at once.
    IoRegistration now = made.getNow();
    if (now == null) {
      throw new IOException("the event loop registers nothing any more", made.cause());
    }
    registration = now;
    return now;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    if (((IoUringIoEvent) event).opcode() == POLL_ADD) {
      pollId = NO_POLL;
      // Whatever the poll says, also an error or a hang-up, the next call tells in full.
      turn();
    }
  }

  private void finish(@Nullable IOException cause) {
    drop();
    listener.bodyEnded(cause);
  }

  private void drop() {
    lease = null;
    ByteBuf bytes = head;
    if (bytes != null) {
      head = null;
      bytes.release();
    }
  }

  @Override
  public long handedOver() {
    return handedOver;
  }

  /** A poll holds the socket open, so it must go for the connection to end. */
  @Override
  public void abandon() {
    drop();
    IoRegistration known = registration;
    if (known != null && known.isValid()) {
      if (pollId != NO_POLL) {
        known.submit(
            new IoUringIoOps(
                ASYNC_CANCEL,
                (byte) 0,
                (short) 0,
                -1,
                0,
                pollId,
                0,
                0,
                (long) CANCEL_TAG,
                (short) 0,
                (short) 0,
                0,
                0));
      }
      known.cancel();
    }
  }

  /** The event loop ends; the connection is closed by the same, which abandons what is left. */
  @Override
  public void close() {
    abandon();
  }
}
