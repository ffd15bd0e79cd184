package oca.fill.causes;

import static oca.fill.causes.Made.NORTH;
import static oca.fill.causes.Made.T0;
import static oca.fill.causes.Made.answer;
import static oca.fill.causes.Made.at;
import static oca.fill.causes.Made.named;
import static oca.fill.causes.Made.passed;
import static oca.fill.causes.Made.served;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.fill.causes.Attribution.Count;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Content;
import oca.protocol.SteeringRecord.Why;
import oca.protocol.Wire;
import org.junit.jupiter.api.Test;

/** Records as they come: in any order, twice, late, wrong; and that every byte is billed once. */
class AttributionTest {
  private static final int MINUTE = 60;
  private final Attribution attribution = new Attribution(Rules.DEFAULT);

  @Test
  void advance_beforeTheHoldIsOver_labelsNothing() {
    take(1, served(0, "s-1", 100));
    assertEquals(List.of(), attribution.advance(at(89)));
    assertEquals(100, attribution.waitingBytes());
    assertEquals(1, attribution.advance(at(91)).size());
    assertEquals(0, attribution.waiting());
    assertEquals(List.of(), attribution.advance(at(1000)));
  }

  @Test
  void take_answerAfterTheResponse_isJoinedAllTheSame() {
    take(1, served(1, "s-1", 100));
    tell(1, answer(0, NORTH, List.of(named("s-1")), passed("n-1", Why.DRAINING, Content.HELD)));
    assertEquals(Label.DRAIN, attribution.advance(at(200)).getFirst().label());
  }

  @Test
  void take_batchTwice_countsOnce() {
    assertTrue(take(1, served(0, "s-1", 100)));
    assertFalse(take(1, served(0, "s-1", 100)));
    assertTrue(take(3, served(0, "s-1", 1)));
    assertTrue(take(2, served(0, "s-1", 10)), "overtaken is not doubled");
    assertFalse(take(2, served(0, "s-1", 10)));
    assertEquals(111, bytes(attribution.finish()));
    assertEquals(2, attribution.count(Count.REPEATED_BATCHES));
    assertEquals(2, attribution.count(Count.REPEATED_RECORDS));
    SteeringRecord answer = answer(0, NORTH, List.of(named("n-1")));
    tell(1, answer);
    tell(1, answer);
    assertEquals(1, attribution.count(Count.ANSWERS));
  }

  @Test
  void take_late_isLabelledAtOnceAndCounted() {
    take(1, served(1000, "s-1", 1));
    attribution.advance(at(1200));
    take(2, served(5, "s-1", 100));
    assertEquals(1, attribution.count(Count.LATE));
    assertEquals(100, bytes(attribution.advance(at(1200))));
  }

  @Test
  void take_fromTheFuture_countsAsNow() {
    attribution.take(
        served(0, "s-1", 1).server(), "boot", 1, 0, List.of(served(86_400, "s-1", 100)), at(10));
    assertEquals(1, attribution.count(Count.FUTURE));
    List<Labelled> labelled = attribution.advance(at(200));
    assertEquals(at(10), labelled.getFirst().served().record().at());
  }

  @Test
  void take_impossible_isCountedAndLeftOut() {
    take(1, served(0, "s-1", -5), served(0, "s-1", 7));
    assertEquals(1, attribution.count(Count.MALFORMED));
    assertEquals(7, bytes(attribution.finish()));
  }

  @Test
  void take_unknownServer_isBilledAndCounted() {
    take(1, served(0, "x-1", 9));
    assertEquals(1, attribution.count(Count.UNKNOWN_SERVERS));
    Labelled labelled = attribution.finish().getFirst();
    assertEquals(Label.UNKNOWN, labelled.label());
    assertEquals(9, labelled.served().record().bodyBytes());
  }

  @Test
  void take_moreThanThereIsRoomFor_isRefusedOrLabelledEarlyAndCounted() {
    Rules small =
        new Rules(
            Duration.ofHours(1),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            2,
            3,
            10);
    Attribution bounded = new Attribution(small);
    List<Served> five = new ArrayList<>();
    List<SteeringRecord> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      five.add(served(i, "s-1", 10));
      answers.add(answer(i, NORTH, List.of(named("n-1"))));
    }
    bounded.take(Made.batch(1, answers), SteeringRecord::key, at(10));
    assertEquals(3, bounded.count(Count.ANSWERS_REFUSED));
    bounded.take(five.getFirst().server(), "boot", 1, 0, five, at(10));
    assertEquals(20, bytes(bounded.advance(at(10))));
    assertEquals(2, bounded.count(Count.EARLY));
    assertEquals(3, bounded.waiting());
  }

  /** One of them would otherwise make each labelling after it fail. */
  @Test
  void take_beyondReason_isCountedAndSpoilsNothing() {
    SteeringRecord usual = answer(0, NORTH, List.of(named("n-1")));
    List<SteeringRecord> hostile =
        List.of(
            with(usual, usual.at(), Long.MAX_VALUE, usual.client()),
            with(usual, usual.at(), -1, usual.client()),
            with(usual, Instant.MAX, 30, usual.client()),
            with(usual, Instant.MIN, 30, usual.client()),
            with(usual, usual.at(), 30, "x".repeat(10_000)));
    attribution.take(Made.batch(1, hostile), SteeringRecord::key, at(1));
    tell(2, usual);
    Served good = served(1, "n-1", 10);
    List<Served> responses = new ArrayList<>(List.of(good));
    for (Instant at : List.of(Instant.MIN, Instant.MAX)) {
      responses.add(with(good, at, 10, 1000));
    }
    responses.add(with(good, good.record().at(), Long.MAX_VALUE, 1000));
    responses.add(with(good, good.record().at(), 10, Long.MAX_VALUE));
    attribution.take(good.server(), "boot", 1, Long.MAX_VALUE, responses, at(2));
    assertEquals(8, attribution.count(Count.MALFORMED));
    assertEquals(1, attribution.count(Count.FUTURE), "an answer: it was given now at the latest");
    assertEquals(10, bytes(attribution.advance(at(1000))));
    assertEquals(10, attribution.count(Count.BYTES));
    assertEquals(0, attribution.count(Count.DROPPED_BY_SENDERS));
  }

  private static SteeringRecord with(SteeringRecord one, Instant at, long ttl, String client) {
    return new SteeringRecord(
        at,
        one.number(),
        one.session(),
        client,
        one.network(),
        one.key(),
        one.file(),
        one.nearest(),
        one.chosen(),
        one.passed(),
        one.unlisted(),
        ttl,
        one.tableMillis(),
        one.frozen(),
        one.version());
  }

  private static Served with(Served one, Instant at, long bytes, long micros) {
    ServeRecord said = one.record();
    return new Served(
        one.server(),
        one.site(),
        one.origin(),
        one.group(),
        new ServeRecord(
            at,
            said.file(),
            said.client(),
            said.status(),
            said.firstByte(),
            bytes,
            said.complete(),
            micros,
            said.outcome()));
  }

  @Test
  void advance_forADay_forgetsWhatIsOld() {
    for (int hour = 0; hour < 24; hour++) {
      tell(hour + 1, answer(hour * 3600.0, NORTH, List.of(named("n-1"))));
      take(hour + 1, served(hour * 3600.0 + 1, "n-1", 10));
      attribution.advance(at(hour * 3600.0 + 200));
    }
    JoinState state = attribution.state();
    assertTrue(state.answers().values().stream().mapToInt(List::size).sum() <= 3);
    assertTrue(state.past().size() <= 3, state.past().toString());
  }

  /** Labelled bytes are served bytes, whatever is done to the records on their way. */
  @Property(tries = 200)
  void bytes_whateverHappens_areBilledOnce(@ForAll long seed) {
    Random chance = new Random(seed);
    Play play = new Play(chance);
    Attribution join = new Attribution(Rules.DEFAULT);
    long labelled = 0;
    double time = 0;
    List<Runnable> sendings = play.sendings(join, chance.nextInt(3) * 100.0);
    for (Runnable sending : sendings) {
      sending.run();
      if (chance.nextInt(4) == 0) {
        sending.run();
      }
      time += chance.nextInt(60);
      labelled += bytes(join.advance(at(time)));
      if (chance.nextInt(10) == 0) {
        join.advance(T0.minusSeconds(1000));
      }
    }
    labelled += bytes(join.finish());
    assertEquals(play.bytes, labelled, "seed " + seed);
    assertEquals(play.bytes, join.count(Count.BYTES), "seed " + seed);
  }

  /** The order of arrival within the hold decides no label. */
  @Property(tries = 100)
  void labels_anyOrderWithinTheHold_areTheSame(@ForAll long seed) {
    Map<Label, Long> inOrder = sums(seed, false);
    Map<Label, Long> shuffled = sums(seed, true);
    assertEquals(inOrder, shuffled, "seed " + seed);
  }

  private static Map<Label, Long> sums(long seed, boolean shuffle) {
    Attribution join = new Attribution(Rules.DEFAULT);
    List<Runnable> sendings = new Play(new Random(seed)).sendings(join, 0);
    if (shuffle) {
      Collections.shuffle(sendings, new Random(seed + 1));
    }
    sendings.forEach(Runnable::run);
    Map<Label, Long> sums = new EnumMap<>(Label.class);
    for (Labelled one : join.advance(at(20 * MINUTE))) {
      sums.merge(one.label(), one.served().record().bodyBytes(), Long::sum);
    }
    return sums;
  }

  /** A state written as JSON and put back goes on as if nothing had been. */
  @Property(tries = 50)
  void state_takenOutAndPutBack_goesOnAlike(@ForAll @IntRange(max = 1000) int seed)
      throws Exception {
    Random chance = new Random(seed);
    Attribution straight = new Attribution(Rules.DEFAULT);
    List<Runnable> all = new Play(new Random(seed)).sendings(straight, 0);
    Attribution first = new Attribution(Rules.DEFAULT);
    List<Runnable> before = new Play(new Random(seed)).sendings(first, 0);
    int cut = chance.nextInt(all.size());
    all.forEach(Runnable::run);
    before.subList(0, cut).forEach(Runnable::run);
    Attribution second =
        Attribution.of(Rules.DEFAULT, Wire.read(Wire.write(first.state()), JoinState.class));
    List<Runnable> after = new Play(new Random(seed)).sendings(second, 0);
    after.subList(Math.max(0, cut - 1), after.size()).forEach(Runnable::run);
    assertEquals(labels(straight), labels(second), "seed " + seed);
    assertEquals(straight.count(Count.BYTES), second.count(Count.BYTES));
  }

  /** How often time is told decides no label, and nothing of what is remembered. */
  @Property(tries = 50)
  void advance_oneLongStepOrManyShort_endsAlike(@ForAll @IntRange(max = 1000) int seed) {
    Rules brief =
        new Rules(
            Duration.ofSeconds(45),
            Duration.ofMillis(20_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            10_000,
            10_000,
            10);
    Attribution once = new Attribution(brief);
    Attribution often = new Attribution(brief);
    Play play = new Play(new Random(seed));
    for (Attribution join : List.of(once, often)) {
      join.advance(at(0));
      play.answers.forEach(answer -> join.take(answer, "aurora", answer.at()));
      play.served.forEach(served -> join.take(served, served.ended()));
    }
    List<String> steps = new ArrayList<>();
    for (int second = 1; second <= 200; second++) {
      steps.addAll(texts(often.advance(at(second))));
    }
    Collections.sort(steps);
    assertEquals(steps, texts(once.advance(at(200))), "seed " + seed);
    assertEquals(often.state().answers(), once.state().answers(), "seed " + seed);
    assertEquals(often.state().past(), once.state().past(), "seed " + seed);
    assertEquals(often.counts(), once.counts(), "seed " + seed);
  }

  private static List<String> labels(Attribution join) {
    return texts(join.advance(at(40 * MINUTE)));
  }

  private static List<String> texts(List<Labelled> labelled) {
    return labelled.stream()
        .map(it -> it.served().ended() + " " + it.served().server() + " " + it.label())
        .sorted()
        .toList();
  }

  private boolean take(long sequence, Served... served) {
    return attribution.take(served[0].server(), "boot", sequence, 0, List.of(served), at(100_000));
  }

  private void tell(long sequence, SteeringRecord answer) {
    attribution.take(Made.batch(sequence, List.of(answer)), SteeringRecord::key, answer.at());
  }

  private static long bytes(List<Labelled> labelled) {
    return labelled.stream().mapToLong(one -> one.served().record().bodyBytes()).sum();
  }

  /** A few minutes of viewers, all of it from one seed. */
  private static final class Play {
    private final List<SteeringRecord> answers = new ArrayList<>();
    private final List<Served> served = new ArrayList<>();
    private long bytes;

    Play(Random chance) {
      for (int i = 0; i < 60; i++) {
        double at = i * 5 + chance.nextInt(5000) / 1000.0;
        String network = "198.51." + chance.nextInt(3) + ".0";
        String session = chance.nextBoolean() ? null : "viewer-" + chance.nextInt(5);
        boolean near = chance.nextBoolean();
        Why why = List.of(Why.values()).get(chance.nextInt(Why.values().length));
        Content content = List.of(Content.values()).get(chance.nextInt(Content.values().length));
        answers.add(
            near
                ? answer(at, session, network, NORTH, List.of(named("n-1"), named("s-1")))
                : answer(
                    at,
                    session,
                    network,
                    chance.nextInt(9) == 0 ? null : NORTH,
                    List.of(named("s-1")),
                    passed("n-1", why, content)));
        for (int part = chance.nextInt(5); part > 0; part--) {
          String server = List.of("n-1", "n-2", "s-1", "origin", "x-1").get(chance.nextInt(5));
          int status = chance.nextInt(8) == 0 ? 503 : 206;
          long sent = status == 206 ? chance.nextInt(1_000_000) : 0;
          bytes += sent;
          served.add(
              served(at + 1 + part, server, sent, status, chance.nextInt(9) > 0, session, network));
        }
      }
    }

    /** Batches, of answers and of responses, each to be sent once or more often. */
    List<Runnable> sendings(Attribution join, double ahead) {
      List<Runnable> sendings = new ArrayList<>();
      for (int i = 0; i < answers.size(); i += 7) {
        List<SteeringRecord> part = answers.subList(i, Math.min(answers.size(), i + 7));
        long sequence = i / 7 + 1L;
        sendings.add(
            () ->
                join.take(
                    Made.batch(sequence, part), SteeringRecord::key, at(15 * MINUTE - ahead)));
      }
      for (int i = 0; i < served.size(); i += 5) {
        List<Served> part = served.subList(i, Math.min(served.size(), i + 5));
        long sequence = i / 5 + 1L;
        sendings.add(
            () ->
                join.take(
                    part.getFirst().server(),
                    "boot" + (sequence % 2),
                    sequence,
                    0,
                    part,
                    at(15 * MINUTE - ahead)));
      }
      return sendings;
    }
  }
}
