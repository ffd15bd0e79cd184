package oca.steering.routes;

import oca.model.Prefix;

/**
 * Where a source writes the routes of one view: of one BGP session, of one side of one monitored
 * peer, of one dump or of the configuration. Views never see each other's routes. For one thread at
 * a time; never waits for a table to be compiled.
 */
public interface RouteFeed extends AutoCloseable {
  /**
   * A path to a prefix, in place of the one of the same prefix and path id.
   *
   * @param pathId tells several paths to one prefix apart (RFC 7911); 0 without that; 0 to 2^32 - 1
   */
  void announce(Prefix prefix, long pathId, PathAttributes attributes);

  /** There is no such path any more; one that is not known changes nothing. */
  void withdraw(Prefix prefix, long pathId);

  /**
   * The peer restarts: what is known stays in use, but is stale until announced again (RFC 4724,
   * section 4.2). Of what was stale before nothing stays.
   *
   * @param v4 whether it is about IPv4 prefixes, else about IPv6
   */
  void stale(boolean v4);

  /** The peer has told all it had to tell: what is stale still goes. */
  void dropStale(boolean v4);

  /** All of one family goes. */
  void clear(boolean v4);

  /** Counts an announcement that was kept out of this view before it came here. */
  void refused(Prefix prefix, RouteRefusal reason);

  /** How many paths are known. */
  int size();

  /** All of it goes, and nothing more comes. */
  @Override
  void close();
}
