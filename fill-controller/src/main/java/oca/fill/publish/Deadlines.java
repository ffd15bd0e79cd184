package oca.fill.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import oca.fill.publish.Drafts.Wanted;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.FillWindow;

/**
 * Which deadlines an appliance has to know, and which it cannot keep. Pure.
 *
 * <p>What is due is fetched in the order of the deadlines when it must be, so a file has as much
 * time as the site's windows leave until it is due, for itself and all that are due before it. The
 * deadline is said in the manifest when the windows after the coming one would not do, with a third
 * to spare; a release that is still far away thus changes nothing in tonight's order. One for which
 * all windows together are too short is late. Sources that are slower than the rate are not seen
 * here but by the appliance.
 */
public final class Deadlines {
  private static final double SPARE = 4.0 / 3;

  private Deadlines() {}

  /** For how long a site may fill. */
  public interface Open {
    /** The wall time between the two in which a window is open. */
    Duration between(Instant from, Instant to);
  }

  /**
   * A file that cannot be there when it is due.
   *
   * @param due when it must be there
   * @param seconds that fetching it and all that is due before it takes
   * @param secondsOpen that the windows leave until then
   */
  public record Late(
      ApplianceId appliance, CatalogEntry file, Instant due, double seconds, double secondsOpen) {}

  /**
   * What came of looking.
   *
   * @param files with those deadlines that the manifest says
   * @param late soonest first
   */
  public record Looked(List<Wanted> files, List<Late> late) {
    public Looked {
      files = List.copyOf(files);
      late = List.copyOf(late);
    }
  }

  /**
   * Looks at what an appliance is to hold.
   *
   * @param files with the deadlines of all that have one
   * @param held what of them is there
   * @param window the coming one, or that which is open
   * @param rate in bytes per second, more than 0
   */
  public static Looked look(
      ApplianceId appliance,
      List<Wanted> files,
      Set<ContentId> held,
      FillWindow window,
      double rate,
      Instant now,
      Open open) {
    List<Wanted> byDue =
        files.stream()
            .filter(it -> it.due() != null && !held.contains(it.file().id()))
            .sorted(Comparator.comparing(Deadlines::due))
            .toList();
    Function<Instant, Double> all = known(now, open);
    Function<Instant, Double> after = known(window.closes(), open);
    Set<ContentId> stated = new HashSet<>();
    List<Late> late = new ArrayList<>();
    double seconds = 0;
    for (Wanted wanted : byDue) {
      Instant due = due(wanted);
      seconds += wanted.file().length() / rate;
      if (seconds * SPARE > after.apply(due)) {
        stated.add(wanted.file().id());
      }
      if (seconds > all.apply(due)) {
        late.add(new Late(appliance, wanted.file(), due, seconds, all.apply(due)));
      }
    }
    return new Looked(
        files.stream()
            .map(it -> stated.contains(it.file().id()) ? it : new Wanted(it.file(), null))
            .toList(),
        late);
  }

  private static Instant due(Wanted wanted) {
    Instant due = wanted.due();
    if (due == null) {
      throw new IllegalArgumentException(wanted.file().path() + " is not due at any time");
    }
    return due;
  }

  /** How many seconds are open until some moment; releases share their moments. */
  private static Function<Instant, Double> known(Instant from, Open open) {
    Map<Instant, Double> known = new HashMap<>();
    return to ->
        known.computeIfAbsent(
            to, until -> until.isAfter(from) ? open.between(from, until).toNanos() / 1e9 : 0.0);
  }
}
