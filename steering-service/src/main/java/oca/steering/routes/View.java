package oca.steering.routes;

import oca.model.SiteId;

/**
 * One view of the routes, as long as it is open and its paths are not swept up.
 *
 * @param number stands for it in each path, 0 to 65,535; another view has it later
 * @param steers whether its paths count; else they are there to be looked at
 * @param news what has become of it lately
 */
record View(
    char number, String name, SiteId site, boolean steers, Epoch v4, Epoch v6, ViewNews news) {
  Epoch epoch(boolean isV4) {
    return isV4 ? v4 : v6;
  }

  /** Paths of both families. */
  int size() {
    return v4.size() + v6.size();
  }
}
