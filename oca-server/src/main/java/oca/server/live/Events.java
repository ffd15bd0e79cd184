package oca.server.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The declared events of a service. Immutable, on any thread.
 *
 * <p>A decision costs the same however many segments an event has, and depends on the number of
 * events by a binary search and by those whose paths begin alike.
 */
public final class Events {
  /** No events: every path is {@link LiveDecision.NotLive}. */
  public static final Events NONE = of(LiveConfig.NONE);

  private static final int NO_SUCH_RANK = 3;
  private static final LiveDecision NOT_LIVE = new LiveDecision.NotLive();

  /** In the order in which they count when a path is of more than one form of an event. */
  private enum Role {
    MANIFEST(0),
    INIT(1),
    SEGMENT(2);

    private final int order;

    Role(int order) {
      this.order = order;
    }
  }

  private record Entry(int event, Role role, PathTemplate template) {
    /** The smaller counts; what can be there goes before what cannot. */
    int rank(long found) {
      return found == PathTemplate.NO_SUCH ? role.order + NO_SUCH_RANK : role.order;
    }
  }

  private record Declared(SegmentClock clock, Set<String> renditions) {}

  private final PrefixIndex<Entry> index;
  private final List<Declared> declared;
  private final Map<String, Integer> places;
  private final List<Edition> editions;

  private Events(
      PrefixIndex<Entry> index,
      List<Declared> declared,
      Map<String, Integer> places,
      List<Edition> editions) {
    this.index = index;
    this.declared = List.copyOf(declared);
    this.places = Map.copyOf(places);
    this.editions = List.copyOf(editions);
  }

  /** The events of that configuration. */
  public static Events of(LiveConfig config) {
    List<Entry> entries = new ArrayList<>();
    List<Declared> declared = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    List<Edition> editions = new ArrayList<>();
    for (EventConfig event : config.events()) {
      int place = declared.size();
      for (PathTemplate it : EventConfig.files("manifests", event.manifests(), event.id())) {
        entries.add(new Entry(place, Role.MANIFEST, it));
      }
      for (PathTemplate it : EventConfig.files("initSegments", event.initSegments(), event.id())) {
        entries.add(new Entry(place, Role.INIT, it));
      }
      entries.add(new Entry(place, Role.SEGMENT, event.segmentTemplate()));
      declared.add(new Declared(new SegmentClock(event), Set.copyOf(event.renditions())));
      places.put(event.id(), place);
      editions.add(new Edition(event.id(), event.version()));
    }
    return new Events(
        new PrefixIndex<>(entries, it -> it.template().prefix()), declared, places, editions);
  }

  /**
   * What the events say of a path.
   *
   * @param path as in the request's target, without its query; nothing is decoded
   * @param nowMillis since 1970
   */
  public LiveDecision decide(String path, long nowMillis) {
    Entry best = null;
    long found = PathTemplate.NO_MATCH;
    for (int at = index.longest(path); at >= 0; at = index.shorter(at)) {
      List<Entry> entries = index.at(at);
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        long value = entry.template().match(path, declared.get(entry.event()).renditions());
        if (value != PathTemplate.NO_MATCH
            && (best == null || entry.rank(value) < best.rank(found))) {
          best = entry;
          found = value;
        }
      }
    }
    return best == null ? NOT_LIVE : decide(best, found, nowMillis);
  }

  private LiveDecision decide(Entry entry, long value, long nowMillis) {
    Edition edition = editions.get(entry.event());
    if (value == PathTemplate.NO_SUCH) {
      return new LiveDecision.NoSuch(edition);
    }
    SegmentClock clock = declared.get(entry.event()).clock();
    return switch (entry.role()) {
      case MANIFEST -> new LiveDecision.Manifest(edition);
      case INIT -> new LiveDecision.Always(edition);
      case SEGMENT ->
          entry.template().isOfTimes()
              ? clock.ofTime(edition, value, nowMillis)
              : clock.ofNumber(edition, value, nowMillis);
    };
  }

  /** The events as they stand, in the order of the configuration. */
  public List<Edition> editions() {
    return editions;
  }

  /**
   * The same events, but for one's version: nothing kept of it under the old version is found any
   * more, at once and however much it is.
   *
   * @throws IllegalArgumentException when there is no such event or the version cannot be one
   */
  public Events withVersion(String id, String version) {
    EventConfig.checkVersion(version);
    @Nullable Integer place = places.get(id);
    if (place == null) {
      throw new IllegalArgumentException(
          "no event is named " + id + "; there are: " + String.join(", ", names()));
    }
    List<Edition> changed = new ArrayList<>(editions);
    changed.set(place, new Edition(id, version));
    return new Events(index, declared, places, changed);
  }

  private List<String> names() {
    return editions.stream().map(Edition::event).toList();
  }
}
