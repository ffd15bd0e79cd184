package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Weighted rendezvous hashing: each node scores {@code -w / ln(u)} for a group of files, {@code u}
 * being a hash of group and node spread over (0, 1); the highest scores hold the group.
 *
 * <p>A node of weight {@code w} wins a share of the groups proportional to {@code w}. A score
 * depends on no other node, so a node that comes takes groups only to itself and one that goes
 * gives up only its own: nothing moves between the others (Thaler and Ravishankar 1998; the
 * logarithmic weights by Schindelhauer and Schomaker 2005).
 */
public final class RendezvousHash {
  private RendezvousHash() {}

  /**
   * The score of {@code node} for {@code group}.
   *
   * @param weight 0 or more; 0 scores 0
   */
  public static double score(String group, String node, double weight) {
    long mixed = mix(mix(hash(group)) ^ hash(node));
    double uniform = ((mixed >>> 11) + 0.5) * 0x1p-53;
    return -weight / Math.log(uniform);
  }

  /** The nodes in the order of their scores for {@code group}, best first; ties by name. */
  public static <N> List<N> order(
      String group, List<N> nodes, Function<N, String> name, ToDoubleFunction<N> weight) {
    record Scored<N>(N node, String name, double score) {}
    List<Scored<N>> scored = new ArrayList<>(nodes.size());
    for (N node : nodes) {
      String id = name.apply(node);
      scored.add(new Scored<>(node, id, score(group, id, weight.applyAsDouble(node))));
    }
    scored.sort(
        Comparator.comparingDouble((Scored<N> s) -> -s.score()).thenComparing(s -> s.name()));
    return scored.stream().map(Scored::node).toList();
  }

  /** FNV-1a over the UTF-16 units, 64 bits: cheap, the mixing is done after it. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** A bijective 64-bit finaliser of the murmur3 form, with the constants of splitmix64. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
