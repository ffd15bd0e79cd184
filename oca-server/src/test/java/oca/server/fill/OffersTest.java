package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongUnaryOperator;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport.OriginReason;
import oca.server.fill.Offers.Offer;
import org.junit.jupiter.api.Test;

class OffersTest {
  private static final long MILLI = 1_000_000;
  private static final Source PARENT = Source.peer(URI.create("http://parent:80/f"));
  private static final Source MASTER = Source.peer(URI.create("http://master:80/f"));
  private static final Source SITE = new Source(URI.create("http://far:80/f"), Tier.SITE, 1000);
  private static final Source ORIGIN = new Source(URI.create("http://o:80/f"), Tier.ORIGIN, 3000);
  private static final Patience PATIENCE =
      new Patience(
          Duration.ofMillis(10),
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofHours(1));

  private final Distrust distrust = new Distrust(Duration.ofHours(1).toNanos());
  private final BackOff backOff = new BackOff();
  private final Offers offers = new Offers(PATIENCE, distrust, backOff);

  @Test
  void next_peersThatLackTheBlock_arePolledAtGrowingPausesUntilAFartherOneMayBeAsked() {
    offers.renew(List.of(PARENT, MASTER, SITE, ORIGIN));
    long now = 0;
    assertEquals(new Offer.Ask(PARENT, 1), offers.next(now, w(0), false));
    assertTrue(offers.lacked(PARENT, now, w(0), false));
    assertEquals(new Offer.Ask(MASTER, 1), offers.next(now, w(0), false));
    assertTrue(offers.lacked(MASTER, now, w(0), false));
    assertEquals(new Offer.Later(10 * MILLI), offers.next(now, w(0), false));
    now += 10 * MILLI;
    assertEquals(new Offer.Ask(PARENT, 1), offers.next(now, w(now), false));
    assertTrue(offers.lacked(PARENT, now, w(now), false));
    assertTrue(offers.lacked(MASTER, now, w(now), false));
    assertEquals(new Offer.Later(20 * MILLI), offers.next(now, w(now), false));
    long waited = 1000 * MILLI;
    assertTrue(offers.lacked(PARENT, waited, w(waited), false));
    assertTrue(offers.lacked(MASTER, waited, w(waited), false));
    assertEquals(new Offer.Ask(SITE, 1), offers.next(waited, w(waited), false));
  }

  @Test
  void next_originAfterItsWait_isAskedAsEscalatedAndBeforeItNobodyElseDoes() {
    offers.renew(List.of(PARENT, ORIGIN));
    offers.lacked(PARENT, 0, w(0), false);
    assertInstanceOf(Offer.Later.class, offers.next(0, w(2999 * MILLI - 1), false));
    assertTrue(offers.lacked(PARENT, 3000 * MILLI - 1, w(3000 * MILLI - 1), false));
    Offer.Ask ask =
        assertInstanceOf(Offer.Ask.class, offers.next(3000 * MILLI, w(3000 * MILLI), false));
    assertEquals(ORIGIN, ask.source());
    assertEquals(OriginReason.ESCALATED, offers.why(ask.source(), false));
    offers.failed(ORIGIN, 3000 * MILLI, w(3000 * MILLI), false);
    assertFalse(
        offers.lacked(PARENT, 3020 * MILLI, w(3020 * MILLI), false), "nobody has to wait any more");
    assertEquals(new Offer.None(), offers.next(4000 * MILLI, w(4000 * MILLI), false));
  }

  @Test
  void next_originOfAMaster_isAskedAtOnceAfterThoseWhoMayHaveBlocks() {
    Source atOnce = new Source(ORIGIN.uri(), Tier.ORIGIN, 0);
    offers.renew(List.of(PARENT, atOnce));
    assertEquals(new Offer.Ask(PARENT, 1), offers.next(0, w(0), false));
    assertFalse(offers.lacked(PARENT, 0, w(0), false));
    assertEquals(new Offer.Ask(atOnce, 1), offers.next(0, w(0), false));
    assertEquals(OriginReason.MASTER, offers.why(atOnce, false));
  }

  @Test
  void next_allPeersLied_doesNotWaitAndSaysWhy() {
    offers.renew(List.of(PARENT, MASTER, ORIGIN));
    assertTrue(offers.lied(PARENT, false));
    distrust.note("master:80", 0);
    assertEquals(new Offer.Ask(ORIGIN, 1), offers.next(0, w(0), false));
    assertEquals(OriginReason.BAD_PEERS, offers.why(ORIGIN, false));
    long later = Duration.ofHours(1).toNanos();
    assertEquals(
        new Offer.Ask(MASTER, 1), offers.next(later, w(0), false), "asked again after a while");
  }

  @Test
  void next_repair_waitsForNobody() {
    offers.renew(List.of(PARENT, ORIGIN));
    assertFalse(offers.lacked(PARENT, 0, w(0), true));
    assertEquals(new Offer.Ask(ORIGIN, 1), offers.next(0, w(0), true));
    assertEquals(OriginReason.REPAIR, offers.why(ORIGIN, true));
  }

  @Test
  void next_unreachable_restsWhileOthersMayHaveItAndIsThenAskedAgain() {
    offers.renew(List.of(PARENT, ORIGIN));
    offers.failed(PARENT, 0, w(0), false);
    assertEquals(new Offer.Later(500 * MILLI), offers.next(0, w(0), false));
    assertEquals(new Offer.Ask(PARENT, 1), offers.next(500 * MILLI, w(500 * MILLI), false));
  }

  @Test
  void next_sentBlocks_asksForTwiceAsManyAndForOneAgainWhenTheyAreNotThere() {
    offers.renew(List.of(PARENT, ORIGIN));
    for (int blocks = 1; blocks <= 8; blocks *= 2) {
      assertEquals(new Offer.Ask(PARENT, blocks), offers.next(0, w(0), false));
      offers.sent(PARENT);
    }
    assertTrue(offers.lacked(PARENT, 0, w(0), false));
    assertEquals(new Offer.Ask(PARENT, 1), offers.next(0, w(0), false), "at once, for less");
  }

  @Test
  void renew_anotherMaster_forgetsFailuresButNotLies() {
    offers.renew(List.of(PARENT, MASTER, ORIGIN));
    offers.lied(PARENT, false);
    offers.failed(MASTER, 0, w(Long.MAX_VALUE), true);
    assertInstanceOf(Offer.Later.class, offers.next(0, w(0), false));
    offers.renew(List.of(MASTER, PARENT, ORIGIN));
    assertEquals(new Offer.Ask(MASTER, 1), offers.next(0, w(0), false));
    offers.lied(MASTER, false);
    assertEquals(new Offer.Ask(ORIGIN, 1), offers.next(0, w(0), false));
  }

  @Test
  void next_plainManifest_asksAllForAllAndWaitsForNobody() {
    Source plain = Source.peer(ORIGIN.uri());
    offers.renew(List.of(PARENT, plain));
    assertEquals(new Offer.Ask(PARENT, 0), offers.next(0, w(0), false));
    assertFalse(offers.lacked(PARENT, 0, w(0), false));
    assertEquals(new Offer.Ask(plain, 0), offers.next(0, w(0), false));
    assertEquals(OriginReason.UNSTATED, offers.why(plain, false));
  }

  @Test
  void distrust_moreThanItKnows_forgetsTheOldest() {
    for (int i = 0; i <= Distrust.MOST; i++) {
      distrust.note("peer-" + i + ":80", 0);
    }
    assertFalse(distrust.holds("peer-0:80", 1));
    assertTrue(distrust.holds("peer-1:80", 1));
    assertEquals(Distrust.MOST + 1, distrust.noted());
  }

  private static LongUnaryOperator w(long waited) {
    return _ -> waited;
  }
}
