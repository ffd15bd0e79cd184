package oca.server.pull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oca.config.ByteSize;
import oca.config.Default;
import oca.server.purge.PurgeConfig;
import oca.store.evict.EvictionPolicies;
import oca.store.pull.PullStoreConfig;

/**
 * Services whose content is fetched when it is wanted, and where it is kept.
 *
 * @param services each with a name and a prefix of its own
 * @param folder where content is kept, on a volume of its own or with room to spare; may be lost
 * @param capacity what it may take on the disk
 * @param maxObjects responses that are kept at most, each with an open file
 * @param maxObject a longer response is not kept
 * @param slice the aligned unit by which bytes are accounted for, a power of two
 * @param diskThreads that write
 * @param maxQueued bytes that wait for the disk
 * @param hangAfter when one call to the disk takes so long, what waits behind it is given up
 * @param policy chooses what makes room
 * @param purge what is remembered of purges
 * @param eventLoops on which upstreams are asked; 0 for half the processors
 */
public record PullConfig(
    List<ServiceConfig> services,
    Path folder,
    ByteSize capacity,
    @Default("100000") int maxObjects,
    @Default("64GiB") ByteSize maxObject,
    @Default("1MiB") ByteSize slice,
    @Default("2") int diskThreads,
    @Default("64MiB") ByteSize maxQueued,
    @Default("30s") Duration hangAfter,
    @Default("s3fifo") EvictionPolicies policy,
    @Default("{}") PurgeConfig purge,
    @Default("0") int eventLoops) {

  /** The longest that may be said of one object across a restart, in bytes. */
  static final int MAX_LABEL = PullStoreConfig.DEFAULT_MAX_LABEL_BYTES;

  public PullConfig {
    services = List.copyOf(services);
    Set<String> names = new HashSet<>();
    Set<String> prefixes = new HashSet<>();
    for (ServiceConfig service : services) {
      if (!names.add(service.name())) {
        throw new IllegalArgumentException("services: two of them are named " + service.name());
      }
      if (!prefixes.add(service.prefix())) {
        throw new IllegalArgumentException(
            "services: two of them have the prefix '" + service.prefix() + "'");
      }
    }
    if (services.isEmpty()) {
      throw new IllegalArgumentException("services must name at least one");
    }
    if (eventLoops < 0 || eventLoops > 1024) {
      throw new IllegalArgumentException("eventLoops must be 0 to 1024, not " + eventLoops);
    }
    storeOf(
        folder, capacity, maxObjects, maxObject, slice, diskThreads, maxQueued, hangAfter, policy);
  }

  PullStoreConfig store() {
    return storeOf(
        folder, capacity, maxObjects, maxObject, slice, diskThreads, maxQueued, hangAfter, policy);
  }

  private static PullStoreConfig storeOf(
      Path folder,
      ByteSize capacity,
      int maxObjects,
      ByteSize maxObject,
      ByteSize slice,
      int diskThreads,
      ByteSize maxQueued,
      Duration hangAfter,
      EvictionPolicies policy) {
    return new PullStoreConfig(
        folder,
        capacity.bytes(),
        maxObjects,
        maxObject.bytes(),
        MAX_LABEL,
        (int) Math.min(Integer.MAX_VALUE, slice.bytes()),
        diskThreads,
        maxQueued.bytes(),
        hangAfter,
        policy);
  }
}
