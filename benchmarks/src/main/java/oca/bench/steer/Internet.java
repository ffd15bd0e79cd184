package oca.bench.steer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import oca.model.Address;
import oca.model.Prefix;
import oca.steering.routes.PathAttributes;
import oca.steering.routes.RouteFeed;

/**
 * Routes like those of the Internet, from a seed. Prefixes have the lengths that route collectors
 * report (IPv4: six of ten are /24; IPv6: almost half are /48, within allocations of /29 and /32 in
 * the registries' blocks), come from 75,000 networks, and each network is as far from a view as the
 * two say. For one thread.
 */
final class Internet {
  private static final int NETWORKS = 75_000;

  /** Share in thousandths of each length, from /8 on. */
  private static final int[] V4_LENGTHS = {
    1, 1, 1, 1, 1, 1, 2, 2, 14, 8, 14, 26, 45, 50, 110, 100, 624
  };

  /** Share in thousandths of each length, from /29 on. */
  private static final int[] V6_LENGTHS = {
    40, 10, 5, 115, 15, 12, 8, 55, 8, 15, 8, 100, 5, 25, 10, 80, 15, 35, 25, 414
  };

  /** What the registries give out of, and the allocations that we take from each. */
  private static final long[] V6_BLOCKS = {
    0x2001_0400_0000_0000L, // /16 in effect, the oldest
    0x2400_0000_0000_0000L,
    0x2600_0000_0000_0000L,
    0x2800_0000_0000_0000L,
    0x2a00_0000_0000_0000L,
    0x2c00_0000_0000_0000L
  };

  private final Random random;
  private final List<Prefix> prefixes = new ArrayList<>();
  private final List<Integer> networks = new ArrayList<>();

  /** As many prefixes of each family, all different. */
  Internet(int v4, int v6, long seed) {
    random = new Random(seed);
    Set<Prefix> taken = new HashSet<>(2 * (v4 + v6));
    while (taken.size() < v4) {
      int length = 8 + pick(V4_LENGTHS);
      // Between 1.0.0.0 and 223.255.255.255.
      long address = (1L + random.nextInt(223)) << 56 | random.nextLong() >>> 8;
      add(taken, new Address(true, address & -1L << 32, 0), length);
    }
    long[] allocations = allocations(v6 / 4 + 1);
    while (taken.size() < v4 + v6) {
      long allocation = allocations[random.nextInt(allocations.length)];
      // Few of the subnets that an allocation has room for are used, and those in front more.
      long inside = random.nextLong() >>> 32 >>> random.nextInt(8);
      add(taken, new Address(false, allocation | inside, 0), 29 + pick(V6_LENGTHS));
    }
  }

  /** The prefixes, in the order they were made up. */
  List<Prefix> prefixes() {
    return prefixes;
  }

  /** Announces nine of ten prefixes, as the view of that number sees them. */
  void announce(RouteFeed feed, int view) {
    for (int i = 0; i < prefixes.size(); i++) {
      if (Math.floorMod(i * 31 + view * 17, 10) != 0) {
        feed.announce(prefixes.get(i), 0, attributes(networks.get(i), view));
      }
    }
  }

  /** An address in that prefix. */
  Address addressIn(Prefix prefix) {
    Address network = prefix.network();
    int length = prefix.length();
    long high = length >= 64 ? 0 : random.nextLong() >>> length;
    return network.v4()
        ? new Address(true, network.high() | (high & -1L << 32), 0)
        : new Address(false, network.high() | high, random.nextLong());
  }

  /** Any address. */
  Address anyAddress(boolean v4) {
    return v4
        ? new Address(true, random.nextLong() & -1L << 32, 0)
        : new Address(false, random.nextLong(), random.nextLong());
  }

  private void add(Set<Prefix> taken, Address address, int length) {
    Prefix prefix = new Prefix(address.first(length), length);
    if (taken.add(prefix)) {
      prefixes.add(prefix);
      // Few networks have many prefixes.
      networks.add((int) (NETWORKS * Math.pow(random.nextDouble(), 2)));
    }
  }

  private long[] allocations(int count) {
    long[] allocations = new long[count];
    int[] given = new int[V6_BLOCKS.length];
    for (int i = 0; i < count; i++) {
      int block = random.nextInt(V6_BLOCKS.length);
      // One behind the other, with gaps, in steps of a /29.
      given[block] += 1 + random.nextInt(4);
      allocations[i] = V6_BLOCKS[block] + ((long) given[block] << 35);
    }
    return allocations;
  }

  private static PathAttributes attributes(int network, int view) {
    Random seen = new Random(network * 131L + view);
    long med = seen.nextInt(5) == 0 ? 10L * seen.nextInt(10) : 0;
    return new PathAttributes(1 + seen.nextInt(3) + seen.nextInt(4), med, 1L + network);
  }

  private int pick(int[] thousandths) {
    int left = random.nextInt(1000);
    for (int i = 0; i < thousandths.length; i++) {
      left -= thousandths[i];
      if (left < 0) {
        return i;
      }
    }
    return thousandths.length - 1;
  }
}
