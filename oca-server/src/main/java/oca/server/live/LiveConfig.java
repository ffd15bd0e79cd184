package oca.server.live;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import oca.config.Default;

/**
 * The live events of a service.
 *
 * <p>Two events must not share a path, at whatever times they take place: each path says by itself
 * which event it is of.
 *
 * @param events as they are declared
 * @param maxEvents how many there may be
 */
public record LiveConfig(List<EventConfig> events, @Default("100") int maxEvents) {
  /** No events. */
  public static final LiveConfig NONE = new LiveConfig(List.of(), 100);

  public LiveConfig {
    events = List.copyOf(events);
    if (maxEvents < 1 || maxEvents > 1000) {
      throw new IllegalArgumentException("maxEvents must be 1 to 1000, not " + maxEvents);
    }
    if (events.size() > maxEvents) {
      throw new IllegalArgumentException(
          "events: " + events.size() + " are more than maxEvents, " + maxEvents);
    }
    Set<String> ids = new HashSet<>();
    for (EventConfig event : events) {
      if (!ids.add(event.id())) {
        throw new IllegalArgumentException(
            "events: two have the id " + event.id() + "; rename one");
      }
    }
    List<List<PathTemplate>> paths = events.stream().map(EventConfig::templates).toList();
    for (int i = 0; i < events.size(); i++) {
      for (int j = 0; j < i; j++) {
        String shared = shared(paths.get(j), paths.get(i));
        if (!shared.isEmpty()) {
          String two = events.get(j).id() + " and " + events.get(i).id();
          throw new IllegalArgumentException(
              "events: " + two + " share paths, " + shared + "; put {event} into both");
        }
      }
    }
  }

  /** Two forms that some path has both of, or nothing. */
  private static String shared(List<PathTemplate> ones, List<PathTemplate> others) {
    for (PathTemplate one : ones) {
      for (PathTemplate other : others) {
        if (Overlap.of(one, other)) {
          return one + " and " + other;
        }
      }
    }
    return "";
  }
}
