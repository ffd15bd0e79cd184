package oca.server.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.group.ChannelGroup;
import java.time.InstantSource;

/**
 * What every question needs.
 *
 * @param channels makes sockets that fit the event loops
 * @param open all connections there are
 */
record Wiring(
    UpstreamsConfig config,
    ChannelFactory<? extends Channel> channels,
    ChannelGroup open,
    RetryBudget budget,
    InstantSource clock) {}
