package oca.steering.routes;

import oca.model.Prefix;

/**
 * A feed that knows how many paths of each family it holds, so that a limit can be kept for each.
 * For one thread at a time, as the feed itself; the numbers may be read on any thread.
 */
public final class CountedFeed implements AutoCloseable {
  private final RouteFeed feed;
  private volatile int v4;
  private volatile int v6;

  /** Counts a feed that holds nothing yet. */
  public CountedFeed(RouteFeed feed) {
    this.feed = feed;
  }

  /** See {@link RouteFeed#announce}. */
  public void announce(Prefix prefix, long pathId, PathAttributes attributes) {
    int before = feed.size();
    feed.announce(prefix, pathId, attributes);
    moved(prefix.network().v4(), before);
  }

  /** See {@link RouteFeed#withdraw}. */
  public void withdraw(Prefix prefix, long pathId) {
    int before = feed.size();
    feed.withdraw(prefix, pathId);
    moved(prefix.network().v4(), before);
  }

  /** See {@link RouteFeed#stale}. */
  public void stale(boolean ofV4) {
    int before = feed.size();
    feed.stale(ofV4);
    moved(ofV4, before);
  }

  /** See {@link RouteFeed#dropStale}. */
  public void dropStale(boolean ofV4) {
    int before = feed.size();
    feed.dropStale(ofV4);
    moved(ofV4, before);
  }

  /** See {@link RouteFeed#clear}. */
  public void clear(boolean ofV4) {
    int before = feed.size();
    feed.clear(ofV4);
    moved(ofV4, before);
  }

  /** Paths known of one family, stale ones included. */
  public int size(boolean ofV4) {
    return ofV4 ? v4 : v6;
  }

  /** See {@link RouteFeed#close}. */
  @Override
  public void close() {
    feed.close();
    v4 = 0;
    v6 = 0;
  }

  // One thread writes; volatile is for those that read.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void moved(boolean ofV4, int before) {
    int by = feed.size() - before;
    if (ofV4) {
      v4 += by;
    } else {
      v6 += by;
    }
  }
}
