package oca.steering.records;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import oca.model.SiteId;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Named;

/** What a change would have done to recorded decisions, by whom they name first. For one thread. */
public final class Outlook implements Consumer<Replay.Pair> {
  private static final String ORIGIN = "origin";

  private final Map<String, long[]> sites = new TreeMap<>();
  private final Map<String, Long> moves = new HashMap<>();
  private long decisions;
  private long same;
  private long nearestThen;
  private long nearestNow;

  /**
   * All of them together.
   *
   * @param same decisions that come out as they were, in every part
   * @param nearestThen decisions that named the nearest site first
   * @param nearestNow those that do now
   * @param sites by the site named first, the origin among them
   * @param moves viewers that would go elsewhere, most first
   */
  public record Sum(
      long decisions,
      long same,
      long nearestThen,
      long nearestNow,
      List<Place> sites,
      List<Move> moves) {
    public Sum {
      sites = List.copyOf(sites);
      moves = List.copyOf(moves);
    }
  }

  /** How often a site was named first, and would be now. */
  public record Place(String site, long then, long now) {}

  /** How many decisions go from one site to another. */
  public record Move(String from, String to, long decisions) {}

  @Override
  public void accept(Replay.Pair pair) {
    decisions++;
    same += pair.isSame() ? 1 : 0;
    String then = first(pair.then());
    String now = first(pair.now());
    sites.computeIfAbsent(then, _ -> new long[2])[0]++;
    sites.computeIfAbsent(now, _ -> new long[2])[1]++;
    SiteId nearest = pair.then().nearest();
    if (nearest != null) {
      nearestThen += nearest.value().equals(then) ? 1 : 0;
      nearestNow += nearest.value().equals(now) ? 1 : 0;
    }
    if (!then.equals(now)) {
      moves.merge(then + "\u0000" + now, 1L, Long::sum);
    }
  }

  private static String first(SteeringRecord record) {
    List<Named> chosen = record.chosen();
    return chosen.isEmpty() ? ORIGIN : chosen.getFirst().site().value();
  }

  /** What was seen up to now. */
  public Sum sum() {
    List<Place> places = new ArrayList<>();
    sites.forEach((site, counts) -> places.add(new Place(site, counts[0], counts[1])));
    List<Move> all = new ArrayList<>();
    moves.forEach(
        (key, count) -> {
          int end = key.indexOf('\u0000');
          all.add(new Move(key.substring(0, end), key.substring(end + 1), count));
        });
    all.sort((one, other) -> Long.compare(other.decisions(), one.decisions()));
    return new Sum(decisions, same, nearestThen, nearestNow, places, all);
  }
}
