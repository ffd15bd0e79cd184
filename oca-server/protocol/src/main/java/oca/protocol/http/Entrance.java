package oca.protocol.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Lets connections in, or closes them at once where they are too many. */
final class Entrance extends ChannelInitializer<Channel> {
  private final ListenerState state;
  private final ChannelGroup open;
  private final @Nullable TlsContext tls;
  private final AtomicInteger count = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  /**
   * An entrance.
   *
   * @param open every connection that was let in
   * @param tls null to speak without
   */
  Entrance(ListenerState state, ChannelGroup open, @Nullable TlsContext tls) {
    this.state = state;
    this.open = open;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    InetAddress address =
        channel.remoteAddress() instanceof InetSocketAddress from ? from.getAddress() : null;
    ListenerReason refusal = take(address);
    if (refusal != null) {
      state.counts().count(refusal);
      var _ = channel.close();
      return;
    }
    var _ = channel.closeFuture().addListener(_ -> giveBack(address));
    open.add(channel);
    if (tls != null) {
      SslHandler handler = tls.handler(channel.alloc());
      handler.setHandshakeTimeoutMillis(state.connections().requestTime().toMillis());
      channel.pipeline().addLast(handler);
    }
    ControlDecoder decoder = new ControlDecoder(state.connections());
    channel.pipeline().addLast(decoder, new ControlConnection(state, decoder));
  }

  int count() {
    return count.get();
  }

  private @Nullable ListenerReason take(@Nullable InetAddress address) {
    if (count.incrementAndGet() > state.connections().connections()) {
      count.decrementAndGet();
      return ListenerReason.CONNECTIONS;
    }
    if (address != null
        && byAddress.merge(address, 1, Integer::sum) > state.connections().perAddress()) {
      giveBack(address);
      return ListenerReason.ADDRESS;
    }
    return null;
  }

  private void giveBack(@Nullable InetAddress address) {
    count.decrementAndGet();
    if (address != null) {
      byAddress.computeIfPresent(address, (_, before) -> before == 1 ? null : before - 1);
    }
  }
}
