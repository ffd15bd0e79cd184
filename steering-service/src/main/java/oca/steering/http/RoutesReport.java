package oca.steering.http;

import java.util.List;
import java.util.Map;
import oca.model.SiteId;

/**
 * All that routes are learnt from, for an operator: {@code GET /v1/routes/views}.
 *
 * @param views that are open, by name
 * @param peers who told or may tell again, those that are lost included
 * @param listening by source: the address that routers connect to
 * @param reasons by source: how often routes, messages and sessions were refused for what
 * @param more whether there are more views or peers than are told
 */
public record RoutesReport(
    List<View> views,
    List<Peer> peers,
    Map<String, String> listening,
    Map<String, Map<String, Long>> reasons,
    Table table,
    boolean more) {

  /**
   * One view.
   *
   * @param source {@code bgp}, {@code bmp}, {@code mrt} or {@code static}
   * @param steers whether viewers are steered by it; else it is there to be looked at
   * @param state of who tells it
   * @param paths known, the stale ones included
   * @param stale told before the peer's last restart only
   * @param refused announcements kept out of it, by reason
   * @param unchangedMillis since its last change; -1 when there was none
   */
  public record View(
      String view,
      String source,
      SiteId site,
      boolean steers,
      String state,
      int paths,
      int stale,
      Map<String, Long> refused,
      long unchangedMillis) {}

  /**
   * One router, or one dump.
   *
   * @param peer its address, name or path
   * @param since when it came into this state; empty for a dump
   * @param lastError why its last session or dump ended badly; empty when none did
   */
  public record Peer(
      String source,
      String peer,
      SiteId site,
      String state,
      String since,
      int prefixesV4,
      int prefixesV6,
      String lastError) {}

  /**
   * What views are compiled into.
   *
   * @param paths of all views, with those not yet swept up
   * @param routesBytes what these take, besides the table's {@code bytes}
   */
  public record Table(
      int prefixes,
      long bytes,
      long paths,
      long routesBytes,
      long compilations,
      long lastCompileMillis,
      long longestCompileMillis) {}

  /** The source that a view's name begins with. */
  public static String source(String view) {
    int space = view.indexOf(' ');
    return space < 0 ? view : view.substring(0, space);
  }

  /** The view's source and who speaks there: of BMP all peers of a router speak through it. */
  public static String speaker(String view) {
    int peer = view.startsWith("bmp ") ? view.indexOf(" peer ") : -1;
    return peer < 0 ? view : view.substring(0, peer);
  }
}
