package oca.steering.routes;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import oca.model.Address;
import oca.model.Prefix;

/**
 * The paths of all views to all prefixes, spread by hash over shards, so that writers seldom meet
 * each other or the compiler. Safe on any thread.
 */
final class Rib {
  private static final int SHARD_BITS = 6;

  private final AtomicLong paths = new AtomicLong();
  private final RibShard[] v4 = new RibShard[1 << SHARD_BITS];
  private final RibShard[] v6 = new RibShard[1 << SHARD_BITS];

  Rib(RoutingTable.Limits limits) {
    Arrays.setAll(v4, _ -> new RibShard(true, limits, paths));
    Arrays.setAll(v6, _ -> new RibShard(false, limits, paths));
  }

  /** The shard that has a prefix. */
  RibShard shard(Prefix prefix) {
    Address network = prefix.network();
    long hash = RibShard.hash(network.high(), network.low(), prefix.length());
    return (network.v4() ? v4 : v6)[(int) (hash >>> (64 - SHARD_BITS))];
  }

  /** Offers all there is, and sweeps up what is gone, one shard after the other. */
  void compileInto(Compilation compilation) {
    for (RibShard shard : v4) {
      shard.compileInto(compilation);
    }
    for (RibShard shard : v6) {
      shard.compileInto(compilation);
    }
  }

  /** Paths, with those not yet swept up. */
  long paths() {
    return paths.get();
  }

  /** What the shards take. */
  long bytes() {
    long bytes = 0;
    for (RibShard shard : v4) {
      bytes += shard.bytes();
    }
    for (RibShard shard : v6) {
      bytes += shard.bytes();
    }
    return bytes;
  }
}
