package oca.steering.routes;

import oca.model.SiteId;

/** Hands out feeds. Safe on any thread. */
public interface RouteViews {
  /**
   * A feed for the routes that one site sees.
   *
   * @param view names it to operators; unique, such as {@code bgp 192.0.2.1} or {@code bmp r1 peer
   *     192.0.2.9 post-policy}
   * @throws IllegalArgumentException when another open feed has that name
   */
  RouteFeed open(String view, SiteId site);

  /**
   * A feed for routes that people want to look at and that steer nobody, such as those of a
   * monitored peer before its router's policy: they are kept beside those of {@link #open} and
   * never merged with them.
   *
   * @param view as in {@link #open}; the names of both are one set
   * @throws IllegalArgumentException when another open feed has that name
   */
  RouteFeed watch(String view, SiteId site);
}
