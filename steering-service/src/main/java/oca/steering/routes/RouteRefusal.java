package oca.steering.routes;

/** Why a route was not taken in. One counter each. */
public enum RouteRefusal {
  /** All addresses: it would make everybody a viewer of that site. */
  DEFAULT_ROUTE("default route", "default routes are not accepted; see acceptDefault"),
  /** Addresses that nobody on the Internet has. */
  BOGON("bogon", "special-purpose addresses are not accepted; see acceptBogons"),
  /** A prefix that long is kept by nobody for long, or leaked. */
  TOO_LONG("too long", "the prefix is longer than is accepted; see longestV4 and longestV6"),
  /** The view has as many paths as one may have. */
  VIEW_FULL("view full", "the view has all the paths that one may have; raise pathsPerView"),
  /** The view has as many paths to that prefix as it may have. */
  PREFIX_FULL("prefix full", "the view knows enough paths to the prefix; raise pathsToPrefix"),
  /** All views together have as many paths as they may have. */
  TABLE_FULL("table full", "all views together know enough paths; raise paths"),
  /** Too many views are open, so that nothing of a further one is taken in. */
  VIEWS_FULL("views full", "as many views are open as may be; raise views");

  private final String label;
  private final String sentence;

  RouteRefusal(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** Two words for a table or a metric. */
  public String label() {
    return label;
  }

  /** The same for a reader, with the remedy. */
  public String sentence() {
    return sentence;
  }
}
