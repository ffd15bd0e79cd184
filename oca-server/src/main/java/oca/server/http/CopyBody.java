package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that must pass through memory, as those over TLS: read in pieces and written to the
 * channel, which encrypts them.
 *
 * <p>The next piece is read only once the socket has taken the one before in full. The socket's own
 * send buffer keeps the line busy meanwhile, so reading ahead would gain nothing, and this way the
 * cost of a reader who stalls is known: one piece, as records of 16 KiB, each of which stands in a
 * buffer of 20 KiB. With the default of 128 KiB that is 160 KiB, whatever its answer's length; 5000
 * such readers hold 800 MB of direct memory.
 */
final class CopyBody implements BodySender {
  private final Channel channel;
  private final Listener listener;
  private final PieceReader pieces;
  private final Executor turns;
  private final int piece;
  private final long chunk;
  private final Runnable nextTurn = this::turn;

  private @Nullable FileLease lease;
  private @Nullable ByteBuf head;
  private @Nullable IOException fault;
  private long position;
  private long remaining;
  private long done;
  private long seen;
  private int inFlight;
  private boolean waiting;
  private long waitingSince;
  private int asked;
  private boolean isReady;
  private boolean inTurn;

  /**
   * @param turns runs the next turn after others had theirs
   */
  CopyBody(
      Channel channel,
      Listener listener,
      PieceReader pieces,
      Executor turns,
      int piece,
      long chunk) {
    this.channel = channel;
    this.turns = turns;
    this.listener = listener;
    this.pieces = pieces;
    this.piece = piece;
    this.chunk = chunk;
  }

  @Override
  public void send(ByteBuf ahead, FileLease of, long from, long length) {
    head = ahead;
    lease = of;
    fault = null;
    position = from;
    remaining = length;
    done = 0;
    seen = 0;
    turn();
  }

  /** Sends pieces for as long as the socket takes them at once, at most a chunk. */
  private void turn() {
    if (inTurn) {
      return;
    }
    inTurn = true;
    try {
      long sent = 0;
      while (lease != null && inFlight == 0 && sent < chunk) {
        if (!channel.isOpen()) {
          finish(new ClosedChannelException());
          return;
        }
        if (!prepare()) {
          return;
        }
        sent += sendPiece();
      }
      if (lease != null && inFlight == 0) {
        turns.execute(nextTurn);
      }
    } finally {
      inTurn = false;
    }
  }

  /** Whether the next piece can be read now; else its turn comes when it can. */
  private boolean prepare() {
    FileLease from = lease;
    if (from != null && !isReady && !waiting) {
      waiting = true;
      waitingSince = System.nanoTime();
      int question = ++asked;
      boolean begun = head == null;
      boolean taken =
          pieces.whenReady(
              from,
              position,
              Math.min(remaining, piece),
              begun,
              channel.eventLoop(),
              found -> {
                if (question == asked && lease != null) {
                  ready(found);
                }
              });
      if (!taken) {
        waiting = false;
        refuse(null);
      }
    }
    boolean now = isReady;
    isReady = false;
    return now;
  }

  private void ready(@Nullable ContentReadException found) {
    waiting = false;
    if (found == null) {
      isReady = true;
      turn();
    } else if (head != null) {
      refuse(found);
    } else {
      finish(found);
    }
  }

  /** Nothing was sent, so the client can still be told something else. */
  private void refuse(@Nullable ContentReadException found) {
    drop();
    listener.bodyRefused(found);
  }

  @Override
  public boolean awaitsDisk() {
    return waiting;
  }

  @Override
  public long awaitsDiskSince() {
    return waitingSince;
  }

  @Override
  public void giveUpDisk() {
    if (!waiting) {
      return;
    }
    pieces.gaveUp();
    asked++; // a late answer is for nobody
    if (head != null) {
      refuse(null);
    } else {
      // Whether the disk hangs or too much is asked of it is not known here.
      finish(new ContentReadException("the disk took too long", true));
    }
  }

  /** Reads a piece, behind the head if that is still to go, and writes it. */
  private int sendPiece() {
    FileLease from = lease;
    if (from == null) {
      return 0;
    }
    ByteBuf ahead = head;
    int headBytes = ahead == null ? 0 : ahead.readableBytes();
    int room = Math.max(piece, headBytes + 1);
    int count = (int) Math.min(remaining, room - headBytes);
    ByteBuf out = channel.alloc().directBuffer(headBytes + count);
    if (ahead != null) {
      out.writeBytes(ahead);
      ahead.release();
      head = null;
    }
    try {
      pieces.read(from, position, out, count);
    } catch (IOException e) {
      fault = e;
    }
    int read = out.readableBytes() - headBytes;
    inFlight = read + headBytes;
    channel.writeAndFlush(out).addListener((ChannelFuture written) -> written(written, read));
    return count;
  }

  private void written(ChannelFuture written, int count) {
    inFlight = 0;
    if (lease == null) {
      return;
    }
    Throwable cause = written.cause();
    if (cause != null) {
      finish(cause instanceof IOException io ? io : new IOException(cause));
      return;
    }
    done += count;
    position += count;
    remaining -= count;
    listener.bodyProgressed();
    if (fault != null || remaining == 0) {
      finish(fault);
    } else {
      turn();
    }
  }

  private void finish(@Nullable IOException cause) {
    drop();
    listener.bodyEnded(cause);
  }

  private void drop() {
    lease = null;
    isReady = false;
    waiting = false;
    ByteBuf ahead = head;
    head = null;
    if (ahead != null) {
      ahead.release();
    }
  }

  /** Of the piece under way, what the socket has taken is known to the record. */
  @Override
  public long handedOver() {
    long now = done;
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (inFlight > 0 && lease != null && waiting != null) {
      now += Math.max(0, inFlight - waiting.totalPendingWriteBytes());
    }
    seen = Math.max(seen, Math.min(now, done + remaining));
    return seen;
  }

  @Override
  public void abandon() {
    drop();
  }
}
