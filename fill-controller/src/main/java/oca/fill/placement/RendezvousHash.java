package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import oca.model.RendezvousScore;

/** Which nodes should hold a group of files, by {@link RendezvousScore}. */
public final class RendezvousHash {
  private RendezvousHash() {}

  /** The nodes in the order of their scores for {@code group}, best first; ties by name. */
  public static <N> List<N> order(
      String group, List<N> nodes, Function<N, String> name, ToDoubleFunction<N> weight) {
    record Scored<N>(N node, String name, double score) {}
    long key = RendezvousScore.hash(group);
    List<Scored<N>> scored = new ArrayList<>(nodes.size());
    for (N node : nodes) {
      String id = name.apply(node);
      long hash = RendezvousScore.hash(id);
      double score = RendezvousScore.of(key, hash, weight.applyAsDouble(node));
      scored.add(new Scored<>(node, id, score));
    }
    scored.sort(
        Comparator.comparingDouble((Scored<N> s) -> -s.score()).thenComparing(s -> s.name()));
    return scored.stream().map(Scored::node).toList();
  }
}
