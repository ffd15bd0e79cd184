package oca.steering.routes.bmp;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import oca.model.SiteId;
import oca.steering.routes.CountedFeed;
import oca.steering.routes.RouteFeed;
import oca.steering.routes.RouteViews;
import oca.steering.routes.Tally;
import oca.steering.routes.bgp.wire.AttributeFault;
import oca.steering.routes.bgp.wire.Decoded;
import oca.steering.routes.bgp.wire.Message.Update;
import oca.steering.routes.bgp.wire.MessageDecoder;
import oca.steering.routes.bgp.wire.Negotiated;
import oca.steering.routes.bgp.wire.Nlri;
import oca.steering.routes.bmp.BmpMessage.PeerUp;
import oca.steering.routes.bmp.BmpMessage.RouteMonitoring;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The views of one peer of a router, from its Peer Up to its Peer Down: one for each side of the
 * policy that is kept, each with a feed of its own. Of the router's thread; sizes may be read on
 * any.
 */
final class PeerViews {
  private static final Logger log = LoggerFactory.getLogger(PeerViews.class);

  /**
   * Where views are opened.
   *
   * @param name the router's and the peer's, such as {@code bmp r1 peer 192.0.2.9}
   * @param config which sides of the policy are kept, and how many paths of each
   */
  record Terms(
      String name, SiteId site, RouteViews views, BmpConfig config, Tally<BmpReason> tally) {
    private RouteFeed open(Policy policy) {
      String view = name + " " + policy.label();
      return policy == config.decideBy() ? views.open(view, site) : views.watch(view, site);
    }
  }

  private final Terms terms;
  private final long as;
  private final Negotiated negotiated;
  private final Map<Policy, CountedFeed> feeds = new ConcurrentHashMap<>();
  private final Set<Policy> dropped = EnumSet.noneOf(Policy.class);

  PeerViews(Terms terms, PeerUp up) {
    this.terms = terms;
    this.as = up.peer().as();
    this.negotiated = Negotiated.of(up.sent(), up.received());
  }

  /** The peer's AS. */
  long as() {
    return as;
  }

  /** Paths known on a side of the policy. */
  int size(Policy policy, boolean v4) {
    CountedFeed feed = feeds.get(policy);
    return feed == null ? 0 : feed.size(v4);
  }

  /** Takes in what the router tells of one side. */
  void told(RouteMonitoring message) {
    Policy policy = message.peer().policy();
    if (!terms.config().keeps(policy)) {
      terms.tally().count(BmpReason.OTHER_POLICY);
      return;
    }
    Negotiated form =
        new Negotiated(
            !message.peer().twoOctetAs(),
            negotiated.internal(),
            negotiated.addPathV4(),
            negotiated.addPathV6());
    switch (MessageDecoder.decode(message.update(), form, MessageDecoder.MAX_EXTENDED)) {
      case Decoded.Read(Update update) -> apply(policy, update);
      case Decoded.Read(_) -> terms.tally().count(BmpReason.MALFORMED);
      case Decoded.Refused(_, String why) -> {
        log.debug("{}: an UPDATE is left out: {}", terms.name(), why);
        terms.tally().count(BmpReason.BAD_UPDATE);
      }
    }
  }

  private void apply(Policy policy, Update update) {
    for (AttributeFault fault : update.faults()) {
      terms
          .tally()
          .count(
              switch (fault.treatment()) {
                case DISCARD -> BmpReason.ATTRIBUTE_DISCARDED;
                case OTHER_FAMILY -> BmpReason.OTHER_FAMILY;
                case WITHDRAW -> BmpReason.TREATED_AS_WITHDRAW;
              });
    }
    CountedFeed feed = feed(policy);
    if (feed == null) {
      return;
    }
    for (Nlri gone : update.withdrawn()) {
      feed.withdraw(gone.prefix(), gone.pathId());
    }
    for (Nlri path : update.announced()) {
      feed.announce(path.prefix(), path.pathId(), update.attributes());
      if (feed.size(true) + feed.size(false) > terms.config().limits().prefixesPerView()) {
        drop(policy, feed);
        return;
      }
    }
  }

  private @Nullable CountedFeed feed(Policy policy) {
    if (dropped.contains(policy)) {
      terms.tally().count(BmpReason.VIEW_FULL);
      return null;
    }
    CountedFeed known = feeds.get(policy);
    if (known != null) {
      return known;
    }
    CountedFeed opened = new CountedFeed(terms.open(policy));
    feeds.put(policy, opened);
    return opened;
  }

  private void drop(Policy policy, CountedFeed feed) {
    log.warn(
        "{} {} has more than limits.prefixesPerView, {}, and is dropped until the peer comes up"
            + " again; raise the limit or filter at the router",
        terms.name(),
        policy.label(),
        terms.config().limits().prefixesPerView());
    terms.tally().count(BmpReason.VIEW_FULL);
    feed.close();
    feeds.remove(policy);
    dropped.add(policy);
  }

  /** The peer is down: all that it told goes. */
  void close() {
    feeds.values().forEach(CountedFeed::close);
    feeds.clear();
  }
}
