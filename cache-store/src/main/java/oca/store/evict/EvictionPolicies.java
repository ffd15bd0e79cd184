package oca.store.evict;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** The policies by name: the one list for store and simulator. */
public enum EvictionPolicies {
  /** {@link Demand}, the default. */
  DEMAND,
  /** {@link Lru}. */
  LRU,
  /** {@link Fifo}. */
  FIFO,
  /** {@link Sieve}. */
  SIEVE,
  /** {@link S3Fifo}. */
  S3FIFO,
  /** {@link WTinyLfu}. */
  WTINYLFU;

  /** What the store uses unless told otherwise; .github/decisions/0007 says why. */
  public static final EvictionPolicies DEFAULT = DEMAND;

  /** As it is written in a configuration or on a command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All labels, the default first. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(EvictionPolicies::label).toList();
  }

  /**
   * The policy of a label.
   *
   * @throws IllegalArgumentException naming the label and those that there are
   */
  public static EvictionPolicies of(String label) {
    return Arrays.stream(values())
        .filter(policy -> policy.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown eviction policy \""
                        + label
                        + "\"; use one of "
                        + String.join(", ", labels())));
  }

  /**
   * Makes an empty policy.
   *
   * @param capacity in bytes, of the volume it decides for; more than 0
   * @param seed of whatever chance it uses
   * @param ids gives 64 well spread or at least distinct bits for a file
   */
  public <T> EvictionPolicy<T> create(long capacity, long seed, ToLongFunction<? super T> ids) {
    if (capacity <= 0) {
      throw new IllegalArgumentException("a capacity must be more than 0, not " + capacity);
    }
    return switch (this) {
      case DEMAND -> new Demand<>(capacity, ids, seed);
      case LRU -> new Lru<>(capacity);
      case FIFO -> new Fifo<>(capacity);
      case SIEVE -> new Sieve<>(capacity);
      case S3FIFO -> new S3Fifo<>(capacity, ids);
      case WTINYLFU -> new WTinyLfu<>(capacity, ids);
    };
  }
}
