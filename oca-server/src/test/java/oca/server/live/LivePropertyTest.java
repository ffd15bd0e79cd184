package oca.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** What holds whatever the event, the number and the time. */
class LivePropertyTest {
  private static final long MAX = 1L << 53;

  @Provide
  Arbitrary<EventConfig> configs() {
    Arbitrary<Duration> segments = Arbitraries.longs().between(100, 60_000).map(Duration::ofMillis);
    Arbitrary<Long> firsts = Arbitraries.of(0L, 1L, 7L, 1_000_000L, MAX - 5, MAX);
    Arbitrary<Duration> durations =
        Arbitraries.longs().between(1, 1_000_000).map(Duration::ofMillis);
    return Combinators.combine(
            Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli),
            segments,
            firsts,
            Arbitraries.longs().between(0, 10_000_000),
            durations.optional(0.5),
            Arbitraries.integers().between(0, 100),
            Arbitraries.integers().between(0, 10))
        .as(
            (start, segment, first, window, duration, early, ahead) ->
                new EventConfig(
                    "e",
                    "/$Number$",
                    List.of(),
                    List.of(),
                    start,
                    segment,
                    first,
                    1,
                    0,
                    segment.plusMillis(window),
                    duration,
                    List.of(),
                    "1",
                    Optional.empty(),
                    segment.multipliedBy(early).dividedBy(100).truncatedTo(ChronoUnit.MILLIS),
                    Optional.of(Duration.ofMillis(window % 3_600_000)),
                    ahead));
  }

  @Provide
  Arbitrary<Long> offsets() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-2, 30),
        Arbitraries.longs().between(0, 1_000_000),
        Arbitraries.longs().between(0, MAX));
  }

  /** The same by the formula, with numbers that cannot overflow. */
  @Property(tries = 5000)
  void decide_anything_isWhatTheFormulaSays(
      @ForAll("configs") EventConfig config,
      @ForAll("offsets") long offset,
      @ForAll @LongRange(min = -10_000_000, max = 10_000_000) long around) {
    long number = config.firstNumber() + offset;
    Assume.that(number >= 0);
    BigInteger nominal = nominal(config, offset);
    long now = nominal.min(BigInteger.valueOf(1L << 58)).longValueExact() + around;
    LiveDecision decision = events(config).decide("/" + number, now);
    assertEquals(
        model(config, number, offset, nominal, BigInteger.valueOf(now)),
        decision.getClass().getSimpleName());
    if (decision instanceof LiveDecision.Available there) {
      assertTrue(there.publishedMillis() <= now && now < there.leavesWindowMillis());
      assertTrue(there.publishedMillis() <= there.mayBeLateUntilMillis());
      boolean isNext = there.ifAbsent(now) instanceof LiveDecision.Next;
      assertEquals(now < there.mayBeLateUntilMillis(), isNext);
    } else if (decision instanceof LiveDecision.Next next) {
      assertTrue(now < next.dueMillis() && next.dueMillis() <= next.holdUntilMillis());
    } else if (decision instanceof LiveDecision.TooEarly early) {
      assertTrue(now < early.notBeforeMillis() && early.notBeforeMillis() < early.dueMillis());
      assertEquals(
          "Next",
          events(config).decide("/" + number, early.notBeforeMillis()).getClass().getSimpleName());
    }
  }

  private static BigInteger nominal(EventConfig config, long offset) {
    BigInteger end =
        BigInteger.valueOf(offset + 1)
            .multiply(BigInteger.valueOf(config.segmentDuration().toMillis()));
    BigInteger bound =
        BigInteger.valueOf(config.duration().map(Duration::toMillis).orElse(1L << 60));
    return end.min(bound).add(BigInteger.valueOf(config.start().toEpochMilli()));
  }

  private static String model(
      EventConfig config, long number, long offset, BigInteger nominal, BigInteger now) {
    long segment = config.segmentDuration().toMillis();
    boolean isBehind =
        config.duration().isPresent()
            && offset * (double) segment >= config.duration().get().toMillis();
    if (offset < 0 || number > MAX || isBehind) {
      return "NoSuch";
    }
    BigInteger due = nominal.subtract(BigInteger.valueOf(config.early().toMillis()));
    BigInteger held = due.subtract(BigInteger.valueOf(segment * (1 + config.ahead())));
    BigInteger leaves = nominal.add(BigInteger.valueOf(config.window().toMillis() + segment));
    if (now.compareTo(held) < 0) {
      return "TooEarly";
    }
    if (now.compareTo(due) < 0) {
      return "Next";
    }
    return now.compareTo(leaves) < 0 ? "Available" : "Gone";
  }

  @Property(tries = 2000)
  void decide_laterAndLater_neverGoesBack(
      @ForAll("configs") EventConfig config,
      @ForAll("offsets") long offset,
      @ForAll List<@LongRange(min = 0, max = 5_000_000) Long> steps) {
    Assume.that(config.firstNumber() + offset >= 0);
    String path = "/" + (config.firstNumber() + offset);
    long now = config.start().toEpochMilli() - 10_000_000;
    int before = order(events(config).decide(path, now));
    for (long step : steps) {
      now += step;
      int after = order(events(config).decide(path, now));
      assertTrue(after >= before && (before != 0 || after == 0), () -> path + " went back");
      before = after;
    }
  }

  private static int order(LiveDecision decision) {
    return switch (decision) {
      case LiveDecision.NoSuch noSuch -> 0;
      case LiveDecision.TooEarly early -> 1;
      case LiveDecision.Next next -> 2;
      case LiveDecision.Available there -> 3;
      case LiveDecision.Gone gone -> 4;
      default -> throw new AssertionError(decision);
    };
  }

  /** At any time, 1 + ahead segments are held for and those before are there or gone. */
  @Property(tries = 500)
  void decide_allNumbersAtOneTime_holdsForAFewInARow(
      @ForAll("configs") EventConfig config,
      @ForAll @LongRange(min = -100_000, max = 10_000_000) long since) {
    Assume.that(config.duration().isEmpty() && config.firstNumber() < 2_000_000);
    Events events = events(config);
    long now = config.start().toEpochMilli() + since;
    long middle = since / config.segmentDuration().toMillis();
    long held = 0;
    int before = 5;
    for (long offset = Math.max(0, middle - 5); offset < middle + 20; offset++) {
      int order = order(events.decide("/" + (config.firstNumber() + offset), now));
      assertTrue(order <= before, "later numbers are not further");
      held += order == 2 ? 1 : 0;
      before = order;
    }
    assertTrue(held <= 1 + config.ahead(), "held " + held);
    assertTrue(since < 0 || held == 1 + config.ahead(), "held " + held);
  }

  /** Segment times as a packager would round them, down, up or to the nearest. */
  @Property(tries = 2000)
  void decide_timesOfAnyRounding_giveTheNumber(
      @ForAll @LongRange(min = 100, max = 3_600_000) long segment,
      @ForAll @LongRange(min = 40, max = 1_000_000_000) long timescale,
      @ForAll @LongRange(min = 0, max = 1_000_000) long index,
      @ForAll @LongRange(min = 0, max = 2) long rounding) {
    BigInteger milliTicks = BigInteger.valueOf(segment).multiply(BigInteger.valueOf(timescale));
    BigInteger time =
        milliTicks
            .multiply(BigInteger.valueOf(index))
            .add(BigInteger.valueOf(rounding == 0 ? 0 : rounding == 1 ? 500 : 999))
            .divide(BigInteger.valueOf(1000));
    Assume.that(time.bitLength() <= 53);
    EventConfig config =
        new EventConfig(
            "e",
            "/$Time$",
            List.of(),
            List.of(),
            Instant.EPOCH,
            Duration.ofMillis(segment),
            1,
            timescale,
            0,
            Duration.ofHours(1),
            Optional.empty(),
            List.of(),
            "1",
            Optional.empty(),
            Duration.ZERO,
            Optional.empty(),
            1);
    LiveDecision decision = events(config).decide("/" + time, (index + 1) * segment);
    assertEquals(
        index + 1,
        decision instanceof LiveDecision.Available there ? there.number() : -1,
        "" + decision);
  }

  @Provide
  Arbitrary<PathTemplate> templates() {
    Arbitrary<String> piece = Arbitraries.of("a", "1", "-", "/", "{rendition}");
    Arbitrary<String> segments =
        Combinators.combine(piece.list().ofMaxSize(4), piece.list().ofMaxSize(3))
            .as((x, y) -> "/" + String.join("", x) + "$Number$" + String.join("", y));
    Arbitrary<String> files =
        Combinators.combine(
                piece.list().ofMaxSize(3), piece.list().ofMaxSize(3), Arbitraries.of("", "*"))
            .as((x, y, star) -> "/" + String.join("", x) + star + String.join("", y));
    return Arbitraries.oneOf(
        segments.filter(it -> parses(it, true)).map(it -> TemplateSyntax.segments("", it, "e")),
        files.filter(it -> parses(it, false)).map(it -> TemplateSyntax.files("", it, "e")));
  }

  private static boolean parses(String text, boolean segments) {
    try {
      return (segments
              ? TemplateSyntax.segments("", text, "e")
              : TemplateSyntax.files("", text, "e"))
          != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of("a", "1", "0", "-", "/")
        .list()
        .ofMaxSize(6)
        .map(it -> "/" + String.join("", it));
  }

  /** If a path is of two forms, they were said to overlap. */
  @Property(tries = 20_000)
  void overlap_pathOfBoth_isFound(
      @ForAll("templates") PathTemplate one,
      @ForAll("templates") PathTemplate other,
      @ForAll("paths") String path) {
    boolean both =
        one.match(path, Set.of()) != PathTemplate.NO_MATCH
            && other.match(path, Set.of()) != PathTemplate.NO_MATCH;
    assertTrue(!both || Overlap.of(one, other), () -> one + " and " + other + " by " + path);
    assertEquals(Overlap.of(one, other), Overlap.of(other, one));
  }

  private static Events events(EventConfig config) {
    return Events.of(new LiveConfig(List.of(config), 1));
  }
}
