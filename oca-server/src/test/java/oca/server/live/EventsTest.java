package oca.server.live;

import static oca.server.live.Declared.START;
import static oca.server.live.Declared.event;
import static oca.server.live.Declared.events;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import oca.server.live.LiveDecision.Available;
import oca.server.live.LiveDecision.Next;
import oca.server.live.LiveDecision.NoSuch;
import oca.server.live.LiveDecision.TooEarly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
  private static final Edition CUP = new Edition("cup", "1");
  private static final String SEGMENTS = "/live/{event}/{rendition}/seg-$Number$.m4s";

  /** Segment 3 is due 6 s after the start, held for 4 s before, and leaves 12 s after. */
  @ParameterizedTest
  @CsvSource({
    "-100000000, TooEarly",
    "1999, TooEarly",
    "2000, Next",
    "5999, Next",
    "6000, Available",
    "17999, Available",
    "18000, Gone",
    "9000000000000000, Gone",
  })
  void decide_segment_goesWithTheTime(long millis, String decision) {
    assertDecision(
        decision, events(event("cup", SEGMENTS)), "/live/cup/hd/seg-3.m4s", START + millis);
  }

  @ParameterizedTest
  @CsvSource({
    "early: 500ms, 1499, TooEarly",
    "early: 500ms, 1500, Next",
    "early: 500ms, 5500, Available",
    "early: 500ms, 17999, Available",
    "early: 500ms, 18000, Gone",
    "ahead: 0, 3999, TooEarly",
    "ahead: 0, 4000, Next",
    "ahead: 2, 0, Next",
    "ahead: 2, -1, TooEarly",
    "window: 1h, 3607999, Available",
    "window: 1h, 3608000, Gone",
    "firstNumber: 3, 1999, Next",
    "firstNumber: 3, 2000, Available",
    "firstNumber: 4, 2000, NoSuch",
    "duration: 4s, 2000, NoSuch",
    "duration: 4001ms, 4000, Next",
    "duration: 4001ms, 4001, Available",
    "duration: 6s, 6000, Available",
    "duration: 6s, 18000, Gone",
    "segmentDuration: 1920ms, 5759, Next",
    "segmentDuration: 1920ms, 5760, Available",
    "'renditions: [hd, sd]', 6000, Available",
    "'renditions: [sd, 4k]', 6000, NoSuch",
  })
  void decide_thirdSegment_heedsTheConfiguration(String line, long millis, String decision) {
    assertDecision(
        decision, events(event("cup", SEGMENTS, line)), "/live/cup/hd/seg-3.m4s", START + millis);
  }

  @Test
  void decide_segment_tellsTimes() {
    Events events = events(event("cup", SEGMENTS, "early: 200ms", "hold: 3s", "late: 1s"));
    String path = "/live/cup/hd/seg-3.m4s";
    assertEquals(
        new TooEarly(CUP, 3, START + 5800, START + 1800), events.decide(path, START + 1799));
    assertEquals(new Next(CUP, 3, START + 5800, START + 8800), events.decide(path, START + 1800));
    assertEquals(
        new Available(CUP, 3, START + 5800, START + 18_000, START + 7000, 3000),
        events.decide(path, START + 5800));
  }

  @Test
  void ifAbsent_lateSegment_isNextUntilItIsTooLate() {
    Events events = events(event("cup", SEGMENTS, "late: 1s", "hold: 3s"));
    Available there =
        assertInstanceOf(Available.class, events.decide("/live/cup/hd/seg-3.m4s", START + 6500));
    assertEquals(new Next(CUP, 3, START + 6000, START + 9500), there.ifAbsent(START + 6500));
    assertEquals(new Next(CUP, 3, START + 6000, START + 9999), there.ifAbsent(START + 6999));
    assertEquals(new NoSuch(CUP), there.ifAbsent(START + 7000));
  }

  @ParameterizedTest
  @CsvSource({
    "/live/cup/hd/seg-0.m4s, NoSuch",
    "/live/cup/hd/seg-1.m4s, Available",
    "/live/cup/hd/seg-01.m4s, NoSuch",
    "/live/cup/hd/seg-9007199254740992.m4s, TooEarly",
    "/live/cup/hd/seg-9007199254740993.m4s, NoSuch",
    "/live/cup/hd/seg-99999999999999999999999.m4s, NoSuch",
    "/live/cup/hd/seg-.m4s, NotLive",
    "/live/cup/hd/seg-1.m4sx, NotLive",
    "/live/cup/hd/seg--1.m4s, NotLive",
    "/live/cup/hd/seg-1x.m4s, NotLive",
    "/live/cup//seg-1.m4s, NotLive",
    "/live/cup/hd/x/seg-1.m4s, NotLive",
    "/live/cupx/hd/seg-1.m4s, NotLive",
    "/live/cup, NotLive",
    "/, NotLive",
    "'', NotLive",
    "/zzz, NotLive",
  })
  void decide_number_isReadStrictly(String path, String decision) {
    assertDecision(decision, events(event("cup", SEGMENTS)), path, START + 8000);
  }

  @ParameterizedTest
  @CsvSource({
    "/a/$Number%05d$.ts, /a/00003.ts, 3",
    "/a/$Number%05d$.ts, /a/12345.ts, 12345",
    "/a/$Number%05d$.ts, /a/123456.ts, 123456",
    "/a/$Number%05d$.ts, /a/0003.ts, -2",
    "/a/$Number%05d$.ts, /a/000003.ts, -2",
    "/a/%03d.ts, /a/003.ts, 3",
    "/a/$Number%01d$.ts, /a/3.ts, 3",
    "/a/$Number$, /a/0, 0",
    "/a/$Number$/{rendition}, /a/7/x, 7",
    "/a/$Number$/{rendition}, /a/7/, -1",
    "/{event}/$RepresentationID$-$Number$.ts, /e/a-1-2-3.ts, 3",
    "/{event}/$RepresentationID$-$Number$.ts, /e/-3.ts, -1",
    "/{rendition}/{rendition}-$Number$, /hd/hd-4, 4",
    "/{rendition}/{rendition}-$Number$, /hd/sd-4, -1",
    "/{rendition}/{rendition}-$Number$, /hd/hd-hd-4, -1",
    "/$$/$Number$.ts, /$/4.ts, 4",
    "/a%20b/$Number$.ts, /a%20b/4.ts, 4",
    "/a%20b/$Number$.ts, /a b/4.ts, -1",
    "/t-$Time$.m4s, /t-180180.m4s, 180180",
  })
  void match_template_givesTheNumber(String template, String path, long number) {
    PathTemplate it = TemplateSyntax.segments("segments", template, "e");
    assertEquals(number, it.match(path, Set.of()));
  }

  /** With a list, the split of the path that names a rendition of it is found. */
  @Test
  void match_ambiguousRendition_findsTheOneThatIsThere() {
    PathTemplate it = TemplateSyntax.segments("segments", "/{rendition}-$Number$.ts", "e");
    assertEquals(3, it.match("/a-1-3.ts", Set.of("a-1")));
    assertEquals(PathTemplate.NO_SUCH, it.match("/a-1-3.ts", Set.of("a")));
    assertEquals(
        PathTemplate.NO_MATCH,
        it.match("/" + "x".repeat(PathTemplate.MAX_RENDITION + 1) + "-3.ts", Set.of()));
  }

  /** 2002 ms at 30000 ticks a second are 60060 ticks; at 44100 they are 88288.2. */
  @ParameterizedTest
  @CsvSource({
    "30000, 0, 0, 1",
    "30000, 0, 60060, 2",
    "30000, 0, 60059, -2",
    "30000, 0, 60061, -2",
    "30000, 900, 60960, 2",
    "30000, 900, 899, -2",
    "44100, 0, 88288, 2",
    "44100, 0, 88289, 2",
    "44100, 0, 88287, -2",
    "44100, 0, 88290, -2",
    "44100, 0, 441441, 6",
    "44100, 0, 441440, 6",
    "44100, 0, 882793711, 10000",
    "1000000000, 0, 9007199254740992, -2",
    "1, 0, 2, 2",
  })
  void decide_time_isTheMultipleOfTheDuration(long scale, long first, long time, long number) {
    Events events =
        events(
            event(
                "cup",
                "/{rendition}/$Time$.m4s",
                scale == 1 ? "segmentDuration: 2s" : "segmentDuration: 2002ms",
                "timescale: " + scale,
                "firstTime: " + first));
    LiveDecision decision = events.decide("/hd/" + time + ".m4s", START - 100_000_000_000L);
    assertEquals(number, decision instanceof TooEarly early ? early.number() : -2, "" + decision);
  }

  @Test
  void decide_numbersThatOverflow_areFarAway() {
    Events events = events(event("cup", "/$Number$", "segmentDuration: 1h", "window: 36500d"));
    LiveDecision decision = events.decide("/" + (1L << 53), Long.MAX_VALUE / 2 - 1);
    assertInstanceOf(LiveDecision.Gone.class, decision);
    TooEarly early =
        assertInstanceOf(TooEarly.class, events.decide("/" + (1L << 53), START + 1000));
    assertTrue(early.notBeforeMillis() > 1L << 59 && early.dueMillis() > early.notBeforeMillis());
    assertInstanceOf(TooEarly.class, events.decide("/1", Long.MIN_VALUE));
    assertInstanceOf(LiveDecision.Gone.class, events.decide("/1", Long.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "/live/cup/index.mpd, Manifest",
    "/live/cup/hd/media.m3u8, Manifest",
    "/live/cup/a/b/c.m3u8, Manifest",
    "/live/cup/.m3u8, Manifest",
    "/live/cup/index.mpd2, NotLive",
    "/live/cup/hd/init.mp4, Always",
    "/live/cup/4k/init.mp4, NoSuch",
    "/live/cup/hd/seg-0.m4s, Always",
    "/live/cup/hd/seg-1.m4s, TooEarly",
    "/live/other/index.mpd, NotLive",
  })
  void decide_otherFiles_areThereAlways(String path, String decision) {
    Events events =
        events(
            event(
                "cup",
                SEGMENTS,
                "manifests: [\"/live/{event}/index.mpd\", \"/live/{event}/*.m3u8\"]",
                "initSegments: [\"/live/{event}/{rendition}/init.mp4\","
                    + " \"/live/{event}/*/seg-0.m4s\"]",
                "renditions: [hd, sd]"));
    assertDecision(decision, events, path, START - 1_000_000);
  }

  @Test
  void decide_nestedPrefixes_findsEachEvent() {
    Events events =
        events(
            event("a", "/live/$Number$.ts"),
            event("b", "/live/b/$Number$.ts"),
            event("c", "/live/b/c/$Number$.ts"),
            event("d", "/live/c/$Number$.ts"),
            event("e", "/$Number$.ts"));
    assertEquals("a", available(events, "/live/1.ts"));
    assertEquals("b", available(events, "/live/b/1.ts"));
    assertEquals("c", available(events, "/live/b/c/1.ts"));
    assertEquals("d", available(events, "/live/c/1.ts"));
    assertEquals("e", available(events, "/1.ts"));
    assertDecision("NotLive", events, "/live/b/d/1.ts", START);
  }

  private static String available(Events events, String path) {
    return assertInstanceOf(Available.class, events.decide(path, START + 2000)).edition().event();
  }

  @Test
  void withVersion_known_changesThatEventAlone() {
    Events before = events(event("a", "/a/$Number$"), event("b", "/b/$Number$", "version: x"));
    Events after = before.withVersion("a", "2");
    assertEquals(List.of(new Edition("a", "1"), new Edition("b", "x")), before.editions());
    assertEquals(List.of(new Edition("a", "2"), new Edition("b", "x")), after.editions());
    Available there = assertInstanceOf(Available.class, after.decide("/a/1", START + 2000));
    assertEquals(new Edition("a", "2"), there.edition());
  }

  @Test
  void withVersion_unknownOrOdd_isRefused() {
    Events events = events(event("a", "/a/$Number$"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> events.withVersion("b", "2"))
            .getMessage()
            .contains("there are: a"));
    assertThrows(IllegalArgumentException.class, () -> events.withVersion("a", ""));
    assertThrows(IllegalArgumentException.class, () -> events.withVersion("a", "a b"));
  }

  @Test
  void decide_withoutEvents_isNotLive() {
    assertInstanceOf(LiveDecision.NotLive.class, Events.NONE.decide("/a", START));
    assertSame(Events.NONE.decide("/a", 0), Events.NONE.decide("/b", 1));
  }

  /** Files of a service that are no event's pay next to nothing for those that are. */
  @Test
  void decide_notLive_allocatesNothing() {
    Events events = events(event("a", "/live/a/$Number$.ts"), event("b", "/live/b/$Number$.ts"));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    notLive(events);
    long before = threads.getCurrentThreadAllocatedBytes();
    notLive(events);
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
    assertEquals(0, each);
  }

  private static void notLive(Events events) {
    for (int i = 0; i < 10_000; i++) {
      assertSame(events.decide("/live/a/index.html", i), events.decide("/vod/film.mp4", i));
    }
  }

  private static void assertDecision(String decision, Events events, String path, long now) {
    assertEquals(decision, events.decide(path, now).getClass().getSimpleName(), path);
  }
}
