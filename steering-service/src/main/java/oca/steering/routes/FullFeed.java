package oca.steering.routes;

import oca.model.Prefix;

/** The feed of a view for which there was no room: counts what it does not take in. */
record FullFeed(Tally<RouteRefusal> refusals) implements RouteFeed {
  @Override
  public void announce(Prefix prefix, long pathId, PathAttributes attributes) {
    refusals.count(RouteRefusal.VIEWS_FULL);
  }

  @Override
  public void withdraw(Prefix prefix, long pathId) {}

  @Override
  public void stale(boolean v4) {}

  @Override
  public void dropStale(boolean v4) {}

  @Override
  public void clear(boolean v4) {}

  @Override
  public void refused(Prefix prefix, RouteRefusal reason) {
    refusals.count(reason);
  }

  @Override
  public int size() {
    return 0;
  }

  @Override
  public void close() {}
}
