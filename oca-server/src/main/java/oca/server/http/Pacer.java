package oca.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.util.function.Supplier;
import oca.server.cmcd.Cmcd;
import oca.server.cmcd.Pacing;
import oca.server.cmcd.PacingConfig;

/**
 * Sets how fast a connection may send, by SO_MAX_PACING_RATE (socket(7)): the kernel spaces the
 * segments out, so a player gets its bytes as it needs them and not in bursts that fill the buffers
 * on the way. The rate stands until another is set; setting it costs a system call, so it is set
 * only when it changes. On one event loop only.
 */
final class Pacer {
  private static final int SOL_SOCKET = 1;
  private static final int SO_MAX_PACING_RATE = 47;
  private static final ChannelOption<Integer> RATE =
      new IntegerUnixChannelOption("SO_MAX_PACING_RATE", SOL_SOCKET, SO_MAX_PACING_RATE);

  private final Channel channel;
  private final Supplier<PacingConfig> config;
  private final boolean isPossible;
  private long rate = Pacing.UNLIMITED;

  Pacer(Channel channel, Supplier<PacingConfig> config) {
    this.channel = channel;
    this.config = config;
    this.isPossible = channel instanceof UnixChannel;
  }

  /** Sets the rate for the answer to a request that told this. */
  void set(Cmcd told) {
    if (isPossible) {
      long wanted = Pacing.bytesPerSecond(told, config.get());
      if (wanted != rate) {
        channel.config().setOption(RATE, Pacing.socketOption(wanted));
        rate = wanted;
      }
    }
  }
}
