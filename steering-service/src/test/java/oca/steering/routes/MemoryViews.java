package oca.steering.routes;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import oca.model.Prefix;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/** Feeds that only remember, by view. Safe on any thread. */
public final class MemoryViews implements RouteViews {
  /** Which path is meant. */
  public record Key(Prefix prefix, long pathId) {
    /** Of a prefix without path ids. */
    public static Key of(String prefix) {
      return new Key(Prefix.parse(prefix), 0);
    }
  }

  private final Map<String, Feed> open = new ConcurrentHashMap<>();
  private @Nullable MemoryViews watched;

  @Override
  public RouteFeed open(String view, SiteId site) {
    Feed feed = new Feed(view);
    if (open.putIfAbsent(view, feed) != null) {
      throw new IllegalArgumentException("open already: " + view);
    }
    return feed;
  }

  @Override
  public RouteFeed watch(String view, SiteId site) {
    return watched().open(view, site);
  }

  /** Those that are there to be looked at only. */
  public synchronized MemoryViews watched() {
    MemoryViews there = watched == null ? new MemoryViews() : watched;
    watched = there;
    return there;
  }

  /** The names of the views that are open. */
  public Set<String> names() {
    return Set.copyOf(open.keySet());
  }

  /** What a view holds; empty when it is not open. */
  public Map<Key, PathAttributes> of(String view) {
    Feed feed = open.get(view);
    return feed == null ? Map.of() : feed.paths();
  }

  /** What of it is stale. */
  public Set<Key> staleOf(String view) {
    Feed feed = open.get(view);
    return feed == null ? Set.of() : feed.staleKeys();
  }

  /** The same by written prefix, without path ids. */
  public Map<String, PathAttributes> written(String view) {
    Map<String, PathAttributes> written = new TreeMap<>();
    of(view).forEach((key, attributes) -> written.put(key.prefix().toString(), attributes));
    return written;
  }

  private final class Feed implements RouteFeed {
    private final String view;
    private final Map<Key, PathAttributes> paths = new HashMap<>();
    private final Set<Key> stale = new HashSet<>();
    private boolean closed;

    Feed(String view) {
      this.view = view;
    }

    synchronized Map<Key, PathAttributes> paths() {
      return Map.copyOf(paths);
    }

    synchronized Set<Key> staleKeys() {
      return Set.copyOf(stale);
    }

    private void mustBeOpen() {
      if (closed) {
        throw new IllegalStateException("closed: " + view);
      }
    }

    @Override
    public synchronized void announce(Prefix prefix, long pathId, PathAttributes attributes) {
      mustBeOpen();
      paths.put(new Key(prefix, pathId), attributes);
      stale.remove(new Key(prefix, pathId));
    }

    @Override
    public synchronized void withdraw(Prefix prefix, long pathId) {
      mustBeOpen();
      paths.remove(new Key(prefix, pathId));
      stale.remove(new Key(prefix, pathId));
    }

    @Override
    public synchronized void stale(boolean v4) {
      dropStale(v4);
      paths.keySet().stream().filter(key -> is(key, v4)).forEach(stale::add);
    }

    @Override
    public synchronized void dropStale(boolean v4) {
      mustBeOpen();
      paths.keySet().removeIf(key -> is(key, v4) && stale.contains(key));
      stale.removeIf(key -> is(key, v4));
    }

    @Override
    public synchronized void clear(boolean v4) {
      mustBeOpen();
      paths.keySet().removeIf(key -> is(key, v4));
      stale.removeIf(key -> is(key, v4));
    }

    @Override
    public void refused(Prefix prefix, RouteRefusal reason) {}

    @Override
    public synchronized int size() {
      return paths.size();
    }

    @Override
    public synchronized void close() {
      mustBeOpen();
      closed = true;
      open.remove(view);
    }

    private static boolean is(Key key, boolean v4) {
      return key.prefix().network().v4() == v4;
    }
  }
}
