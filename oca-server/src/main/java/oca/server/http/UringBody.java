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
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import oca.store.FileLease;
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
final class UringBody implements BodySender, IoUringIoHandle {
  private static final byte POLL_ADD = 6;
  private static final byte ASYNC_CANCEL = 14;
  private static final int POLLOUT = 4;

  /** What Netty gives for an operation that was not submitted, and never for one that was. */
  private static final long NO_POLL = 0;

  private static final short POLL_TAG = 1;
  private static final short CANCEL_TAG = 2;

  private final Channel channel;
  private final Listener listener;
  private final Executor turns;
  private final Handover handover;
  private final Supply supply;
  private final Runnable nextTurn = this::turn;

  private @Nullable IoRegistration registration;
  private @Nullable IoUringIoOps writable;
  private long pollId = NO_POLL;

  /**
   * @param turns runs the next turn after others had theirs
   */
  UringBody(
      Channel channel,
      Listener listener,
      Sendfile calls,
      Executor turns,
      Function<Runnable, Supply> supplies) {
    this.channel = channel;
    this.turns = turns;
    this.listener = listener;
    this.handover = new Handover(calls);
    this.supply = supplies.apply(nextTurn);
  }

  @Override
  public void send(ByteBuf head, FileLease lease, long position, long length) {
    handover.begin(head, lease, position, length);
    supply.begin(lease, position, length);
    turn();
  }

  /** Hands over what the socket takes, at most a chunk and only what is in memory. */
  private void turn() {
    if (handover.lease() == null || pollId != NO_POLL) {
      return;
    }
    // The number of a closed socket may be another connection's by now.
    if (!channel.isOpen()) {
      finish(new ClosedChannelException());
      return;
    }
    int socket = ((UnixChannel) channel).fd().intValue();
    try {
      long most = supply.ready(handover.position());
      if (most == Supply.WAIT) {
        return;
      }
      if (most == Supply.REFUSED) {
        refuse(null);
        return;
      }
      boolean taken = handover.push(socket, most);
      listener.bodyProgressed();
      if (!taken) {
        awaitWritable(socket);
      } else if (handover.remaining() > 0) {
        turns.execute(nextTurn);
      } else {
        finish(null);
      }
    } catch (IOException e) {
      if (e instanceof ContentReadException fault && !supply.isBegun()) {
        refuse(fault);
      } else {
        listener.bodyProgressed();
        finish(e);
      }
    }
  }

  private void awaitWritable(int socket) throws IOException {
    IoUringIoOps poll = writable;
    if (poll == null) {
      // Nothing of it changes as long as the connection lives, so one does for all waits.
      poll = operation(POLL_ADD, socket, 0, POLLOUT, POLL_TAG);
      writable = poll;
    }
    pollId = registration().submit(poll);
    if (pollId == NO_POLL) {
      throw new IOException("the event loop takes no more operations");
    }
  }

  private static IoUringIoOps operation(
      byte opcode, int descriptor, long address, int flags, short tag) {
    return new IoUringIoOps(
        opcode,
        (byte) 0,
        (short) 0,
        descriptor,
        0,
        address,
        0,
        flags,
        (long) tag,
        (short) 0,
        (short) 0,
        0,
        0);
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
    supply.drop();
    handover.drop();
    listener.bodyEnded(cause);
  }

  private void refuse(@Nullable ContentReadException fault) {
    supply.drop();
    handover.drop();
    listener.bodyRefused(fault);
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
    return handover.done();
  }

  /** A poll holds the socket open, so it must go for the connection to end. */
  @Override
  public void abandon() {
    supply.drop();
    handover.drop();
    IoRegistration known = registration;
    if (known != null && known.isValid()) {
      if (pollId != NO_POLL) {
        known.submit(operation(ASYNC_CANCEL, -1, pollId, 0, CANCEL_TAG));
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
