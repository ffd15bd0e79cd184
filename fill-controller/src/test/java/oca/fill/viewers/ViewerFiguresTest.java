package oca.fill.viewers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import oca.model.ContentId;
import oca.protocol.Playback;
import oca.protocol.ServeRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ViewerFiguresTest {
  private static final Instant NOW = Instant.parse("2026-11-11T20:00:02Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ViewerLimits LIMITS =
      new ViewerLimits(Duration.ofSeconds(5), Duration.ofMinutes(10), 1000, 1000);

  private final ViewerFigures figures = new ViewerFigures(LIMITS);

  @Test
  void take_whatPlayersTell_isAddedUp() {
    // 1 MiB at 8,388.608 kb/s plays for a second.
    figures.take("north", record(0, 206, 1 << 20, true, 900_000, playback("a", 8388)), NOW);
    figures.take("north", record(0, 206, 1 << 20, true, 1_100_000, playback("a", 8388)), NOW);
    figures.take("north", record(0, 206, 1 << 20, false, 9_100_000, playback("b", 8388)), NOW);
    figures.take("north", record(0, 503, 0, true, 100, null), NOW);

    ViewerFigure of = figures.report(NOW, MINUTE, MINUTE, "").now();
    assertEquals(2, of.starts());
    assertEquals(2 / 60.0, of.startsPerSecond());
    assertEquals(4, of.responses());
    assertEquals(3, of.told());
    assertEquals(1, of.failed());
    assertEquals(1, of.brokenOff());
    assertEquals(2 << 20, of.timedBytes(), "what was broken off is not timed");
    assertEquals(1 << 20, of.lateBytes());
    assertEquals(0.5, of.late());
    assertEquals((3 << 20) * 8 / 60.0, of.bitsPerSecond());
  }

  @Test
  void take_initSegmentWithoutBitrate_isNotTimed() {
    figures.take("north", record(0, 206, 800, true, 9_000_000, playback("a", null)), NOW);
    ViewerFigure of = figures.report(NOW, MINUTE, MINUTE, "").now();
    assertEquals(0, of.timedBytes());
    assertEquals(0, of.late());
  }

  @Test
  void firstBytes_aHundred_haveTheirPercentilesInTheRightBuckets() {
    for (int i = 1; i <= 100; i++) {
      figures.take("north", timed(i <= 50 ? 400L : i <= 95 ? 2_000L : 40_000L), NOW);
    }
    ViewerFigure of = figures.report(NOW, MINUTE, MINUTE, "").now();
    assertEquals(500, of.firstByteP50Micros());
    assertEquals(2_500, of.firstByteP95Micros());
    assertEquals(50_000, of.firstByteP99Micros());
  }

  @Test
  void firstBytes_noneTimed_areUnknown() {
    figures.take("north", record(0, 206, 10, true, 10, null), NOW);
    assertNull(figures.report(NOW, MINUTE, MINUTE, "").now().firstByteP50Micros());
  }

  @Test
  void take_oldOrFromTheFuture_isCountedAndLeftOut() {
    figures.take("north", record(-3600, 206, 10, true, 10, null), NOW);
    figures.take("north", record(3600, 206, 10, true, 10, null), NOW);
    assertEquals(1, figures.old());
    assertEquals(1, figures.future());
    assertEquals(0, figures.total().responses());
  }

  @Test
  void take_moreSitesThanCells_isSummedUpAsOthers() {
    ViewerFigures few =
        new ViewerFigures(new ViewerLimits(Duration.ofSeconds(5), Duration.ofMinutes(1), 2, 10));
    for (String site : List.of("a", "b", "c", "d", "a")) {
      few.take(site, record(0, 206, 10, true, 10, null), NOW);
    }
    ViewerReport report = few.report(NOW, MINUTE, MINUTE, "");
    assertEquals(5, report.now().responses());
    assertEquals(
        List.of("a", "b", ViewerFigures.OTHERS),
        report.sites().stream().map(ViewerReport.Site::site).toList());
    assertEquals(2, few.folded());
    // Room comes back as slices go.
    Instant later = NOW.plusSeconds(120);
    few.take("e", record(120, 206, 10, true, 10, null), later);
    assertEquals(
        List.of("e"),
        few.report(later, MINUTE, MINUTE, "").sites().stream()
            .map(ViewerReport.Site::site)
            .toList());
  }

  @Test
  void sessions_moreThanAreRemembered_forgetTheOneNotHeardOfForLongest() {
    ViewerFigures two =
        new ViewerFigures(new ViewerLimits(Duration.ofSeconds(5), Duration.ofMinutes(1), 10, 2));
    for (String session : List.of("a", "b", "a", "c", "a", "b")) {
      two.take("north", record(0, 206, 10, true, 10, playback(session, null)), NOW);
    }
    assertEquals(4, two.total().starts(), "a, b, c, and b again");
  }

  @Test
  void series_ofOneSite_hasEachSliceAndNoOther() {
    figures.take("north", record(0, 206, 10, true, 10, null), NOW);
    figures.take("south", record(0, 206, 10, true, 10, null), NOW);
    figures.take("north", record(-30, 206, 10, true, 10, null), NOW);
    List<ViewerReport.Slice> series =
        figures.report(NOW, MINUTE, Duration.ofSeconds(40), "north").series();
    assertEquals(8, series.size());
    assertEquals(Instant.parse("2026-11-11T20:00:00Z"), series.getLast().at());
    assertEquals(
        List.of(0L, 1L, 0L, 0L, 0L, 0L, 0L, 1L),
        series.stream().map(it -> it.figure().responses()).toList());
  }

  @Test
  void csv_ofTheSeries_hasAHeadAndALineForEachSlice() {
    figures.take("north", timed(400L), NOW);
    String csv =
        new String(
            figures.report(NOW, MINUTE, Duration.ofSeconds(10), "").csv(), StandardCharsets.UTF_8);
    assertEquals(
        """
        at,starts,responses,bytes,failed,broken_off,starved,timed_bytes,late_bytes,\
        first_byte_p50_micros,first_byte_p95_micros,first_byte_p99_micros
        2026-11-11T19:59:55Z,0,0,0,0,0,0,0,0,,,
        2026-11-11T20:00:00Z,0,1,10,0,0,0,0,0,500,500,500
        """,
        csv);
  }

  @Property(tries = 200)
  void take_anyOrder_givesTheSameAndLosesNothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int records) {
    Random random = new Random(seed);
    List<ServeRecord> all = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      int session = random.nextInt(20);
      // A session stays at its site, or where it is counted would depend on who tells first.
      all.add(
          record(
              -random.nextInt(590),
              session % 2 == 0 ? 502 : 206,
              random.nextInt(10_000),
              random.nextBoolean(),
              random.nextInt(1_000_000),
              random.nextBoolean() ? playback("s" + session, 1 + random.nextInt(99)) : null));
    }
    ViewerReport first = reported(all);
    Collections.shuffle(all, random);
    ViewerReport second = reported(all);
    long sliceSum = second.series().stream().mapToLong(it -> it.figure().bytes()).sum();
    assertEquals(all.stream().mapToLong(ServeRecord::bodyBytes).sum(), sliceSum);
    assertEquals(first.now(), second.now());
    assertEquals(first.sites(), second.sites());
    assertTrue(second.now().starts() <= 20);
  }

  private static ViewerReport reported(List<ServeRecord> records) {
    ViewerFigures figures = new ViewerFigures(LIMITS);
    records.forEach(it -> figures.take("site" + it.status(), it, NOW));
    return figures.report(NOW, LIMITS.span(), LIMITS.span(), "");
  }

  private static ServeRecord timed(long firstByteMicros) {
    ServeRecord of = record(0, 206, 10, true, 10, null);
    return new ServeRecord(
        of.at(), of.file(), of.client(), 206, 0, 10, true, 10, "part", null, null, firstByteMicros);
  }

  private static ServeRecord record(
      int seconds, int status, long bytes, boolean whole, long micros, @Nullable Playback told) {
    return new ServeRecord(
        NOW.plusSeconds(seconds),
        ContentId.ofPath("t/a.mp4"),
        "10.1.7.0",
        status,
        0,
        bytes,
        whole,
        micros,
        "part",
        told);
  }

  private static Playback playback(String session, @Nullable Integer kbps) {
    return new Playback(session, null, "video", "vod", kbps, null, null, false, false);
  }
}
