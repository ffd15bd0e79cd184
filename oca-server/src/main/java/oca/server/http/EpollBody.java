package oca.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Bodies on epoll: what the socket takes at once is handed over by ourselves, head and file in one
 * go; what is left goes as Netty's file regions, whose waiting for the socket is as good as any.
 */
final class EpollBody implements BodySender {
  private final Channel channel;
  private final Listener listener;
  private final Handover handover;
  private final RegionBody regions;
  private final Supply supply;

  /**
   * @param turns runs the next turn after others had theirs
   */
  EpollBody(
      Channel channel,
      Listener listener,
      Sendfile calls,
      Executor turns,
      Function<Runnable, Supply> supplies) {
    this.channel = channel;
    this.listener = listener;
    this.handover = new Handover(calls);
    this.supply = supplies.apply(this::goOn);
    this.regions = new RegionBody(channel, listener, turns, supply);
  }

  @Override
  public void send(ByteBuf head, FileLease lease, long position, long length) {
    regions.reset();
    handover.begin(head, lease, position, length);
    supply.begin(lease, position, length);
    push(lease);
  }

  /** What was waited for is in memory. */
  private void goOn() {
    FileLease first = handover.lease();
    if (first != null) {
      push(first);
    } else {
      regions.next();
    }
  }

  /** Hands over what the socket takes at once, as far as it is in memory. */
  private void push(FileLease lease) {
    if (!channel.isOpen()) {
      finish(new ClosedChannelException());
      return;
    }
    try {
      long most = supply.ready(handover.position());
      if (most == Supply.WAIT) {
        return;
      }
      if (most == Supply.REFUSED) {
        refuse(null);
        return;
      }
      handover.push(((UnixChannel) channel).fd().intValue(), most);
      listener.bodyProgressed();
    } catch (IOException e) {
      if (e instanceof ContentReadException fault && !supply.isBegun()) {
        refuse(fault);
      } else {
        listener.bodyProgressed();
        finish(e);
      }
      return;
    }
    if (handover.remaining() > 0) {
      ByteBuf left = handover.takeHead();
      handover.drop();
      regions.sendRest(left, lease, handover.position(), handover.remaining());
    } else {
      finish(null);
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
    return handover.done() + regions.handedOver();
  }

  @Override
  public void abandon() {
    handover.drop();
    regions.abandon();
  }
}
