package oca.whatif;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecord.Why;
import oca.steering.records.Replay.Pair;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Responses follow the answers that they came of. */
class ReroutingTest {
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
  private static final SiteId NORTH = new SiteId("north");
  private static final ContentId FILE = ContentId.ofPath("aurora/v0.mp4");
  private static final ContentId SOUND = ContentId.ofPath("aurora/a0.mp4");

  private Rerouting rerouting = of(Set.of(NORTH), Span.ALWAYS, 100);

  @Test
  void sum_siteGone_movesItsBytesWhereTheAnswerNowLeads() {
    rerouting.accept(pair(0, "10.0.0.0", List.of("n-1"), List.of("s-1")));
    rerouting.accept(pair(0, "10.0.1.0", List.of("n-1"), List.of()));
    response(1, "n-1", "10.0.0.0", 700);
    response(1, "n-1", "10.0.1.0", 300);
    Rerouting.Sum sum = rerouting.sum();
    assertEquals(1000, sum.bytes());
    assertEquals(2, sum.responses());
    assertEquals("north 1000 0, origin 0 300, south 0 700", told(sum.sites()));
    assertEquals("lease 0 1000, nearest 1000 0", told(sum.labels()));
  }

  @Test
  void sum_namedAsALastResortAtAGoneSite_isServedByTheNextOrTheOrigin() {
    rerouting.accept(pair(0, "10.0.0.0", List.of("n-1"), List.of("n-1")));
    rerouting.accept(pair(0, "10.0.1.0", List.of("n-1"), List.of("n-2", "s-1")));
    response(1, "n-1", "10.0.0.0", 700);
    response(1, "n-1", "10.0.1.0", 300);
    assertEquals("north 1000 0, origin 0 700, south 0 300", told(rerouting.sum().sites()));
  }

  @Test
  void sum_wentElsewhereThanTold_stays() {
    rerouting = of(Set.of(), Span.ALWAYS, 100);
    rerouting.accept(pair(0, "10.0.0.0", List.of("n-1", "s-1"), List.of("n-2", "s-1")));
    response(1, "n-1", "10.0.0.0", 700);
    response(1, "s-1", "10.0.0.0", 200);
    response(1, "origin", "10.0.0.0", 100);
    assertEquals("north 700 700, origin 100 100, south 200 200", told(rerouting.sum().sites()));
  }

  @Test
  void sum_severalAnswers_isByTheNewestBeforeThatNamesTheServer() {
    rerouting.accept(pair(0, "10.0.0.0", List.of("n-1"), List.of("s-1")));
    rerouting.accept(pair(2, "10.0.0.0", List.of("s-1"), List.of("s-1")));
    rerouting.accept(pair(20, "10.0.0.0", List.of("n-1"), List.of()));
    response(4, "n-1", "10.0.0.0", 700);
    assertEquals("north 700 0, south 0 700", told(rerouting.sum().sites()));
  }

  @Test
  void sum_sessionKnown_isByItsAnswersWhateverTheNetwork() {
    rerouting.accept(
        new Pair(
            answer(0, "10.0.0.0", "one", FILE, List.of("n-1")),
            answer(0, "10.0.0.0", "one", FILE, List.of("s-1")),
            List.of(FILE)));
    rerouting.accept(pair(1, "10.9.0.0", List.of("n-1"), List.of()));
    rerouting.response(new ApplianceId("n-1"), record(2, FILE, "10.9.0.0", "one", 700));
    assertEquals("north 700 0, south 0 700", told(rerouting.sum().sites()));
  }

  @Test
  void sum_titleAsked_isForAllOfItsFiles() {
    rerouting.accept(
        new Pair(
            answer(0, "10.0.0.0", null, null, List.of("n-1")),
            answer(0, "10.0.0.0", null, null, List.of("s-1")),
            List.of(FILE, SOUND)));
    rerouting.response(new ApplianceId("n-1"), record(1, SOUND, "10.0.0.0", null, 50));
    rerouting.response(new ApplianceId("n-1"), record(1, FILE, "10.0.0.0", null, 700));
    assertEquals("north 750 0, south 0 750", told(rerouting.sum().sites()));
  }

  @Test
  void sum_nobodyAsked_isTakenForNothingAndCounted() {
    response(1, "n-1", "10.0.0.0", 700);
    Rerouting.Sum sum = rerouting.sum();
    assertEquals(0, sum.bytes());
    assertEquals(700, sum.others());
  }

  @Test
  void sum_outsideOfTheSpan_isLeftOut() {
    Span span = new Span(START.plusSeconds(10), START.plusSeconds(20));
    rerouting = of(Set.of(NORTH), span, 100);
    rerouting.accept(pair(9, "10.0.0.0", List.of("n-1"), List.of()));
    rerouting.accept(pair(12, "10.0.0.0", List.of("n-1"), List.of("s-1")));
    response(11, "n-1", "10.0.0.0", 10);
    response(15, "n-1", "10.0.0.0", 700);
    response(21, "n-1", "10.0.0.0", 5000);
    Rerouting.Sum sum = rerouting.sum();
    assertEquals(1, sum.answers());
    // Clocks may differ by two seconds: what ended a second before may have come of it.
    assertEquals("north 710 0, south 0 710", told(sum.sites()));
    assertThrows(IllegalArgumentException.class, () -> new Span(START, START));
  }

  @Test
  void take_moreThanThereIsRoomFor_isCountedAndLeftOut() {
    rerouting = of(Set.of(NORTH), Span.ALWAYS, 2);
    for (int i = 0; i < 3; i++) {
      rerouting.accept(pair(i, "10.0.0.0", List.of("n-1"), List.of("s-1")));
      response(i + 3, "n-1", "10.0.0.0", 100);
    }
    Rerouting.Sum sum = rerouting.sum();
    assertEquals(2, sum.left());
    assertEquals(200, sum.bytes());
  }

  @Test
  void take_impossibleRecord_isLeftOut() {
    rerouting.accept(pair(0, "10.0.0.0", List.of("n-1"), List.of("s-1")));
    response(1, "n-1", "10.0.0.0", -5);
    assertEquals(0, rerouting.sum().responses());
  }

  private static Rerouting of(Set<SiteId> gone, Span span, int most) {
    return new Rerouting(gone, span, Duration.ofSeconds(2), most);
  }

  private void response(int second, String server, String client, long bytes) {
    rerouting.response(new ApplianceId(server), record(second, FILE, client, null, bytes));
  }

  private static ServeRecord record(
      int second, ContentId file, String client, @Nullable String session, long bytes) {
    return new ServeRecord(
        START.plusSeconds(second),
        file,
        client,
        206,
        0,
        bytes,
        true,
        1_000,
        "part",
        session == null
            ? null
            : new Playback(session, null, "video", "vod", 4000, null, null, false, false));
  }

  private static Pair pair(int second, String client, List<String> then, List<String> now) {
    return new Pair(
        answer(second, client, null, FILE, then),
        answer(second, client, null, FILE, now),
        List.of(FILE));
  }

  /** Of a viewer in the north; who is not named there was silent. */
  private static SteeringRecord answer(
      int second,
      String client,
      @Nullable String session,
      @Nullable ContentId file,
      List<String> chosen) {
    List<Passed> passed =
        chosen.contains("n-1")
            ? List.of()
            : List.of(
                new Passed(
                    new ApplianceId("n-1"), NORTH, Why.LEASE_EXPIRED, Content.HELD, 99_000_000));
    return new SteeringRecord(
        START.plusSeconds(second),
        second + 1L,
        session,
        client,
        "10.0.0.0/8",
        "aurora",
        file,
        NORTH,
        chosen.stream().map(id -> new Named(new ApplianceId(id), site(id), 10)).toList(),
        passed,
        0,
        30,
        1,
        false,
        "00000000");
  }

  private static SiteId site(String appliance) {
    return appliance.startsWith("n-") ? NORTH : new SiteId("south");
  }

  private static String told(List<Rerouting.Row> rows) {
    return rows.stream()
        .map(row -> row.name() + " " + row.then() + " " + row.now())
        .collect(Collectors.joining(", "));
  }
}
