package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import oca.fill.publish.Deadlines.Looked;
import oca.fill.publish.Drafts.Wanted;
import oca.model.ApplianceId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.FillWindow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An hour's window each day, at 1 byte a second: 3600 bytes a night. */
class DeadlinesTest {
  private static final ApplianceId APPLIANCE = new ApplianceId("n-1");
  private static final Instant OPENS = Instant.parse("2026-11-12T02:00:00Z");
  private static final FillWindow TONIGHT = new FillWindow(OPENS, OPENS.plus(Duration.ofHours(1)));

  @Test
  void look_releaseBeforeTheNextWindow_isStated() {
    Looked looked = look(file("a", 100, hours(10)), file("b", 100, null));
    assertEquals(hours(10), looked.files().getFirst().due());
    assertNull(looked.files().getLast().due());
    assertEquals(List.of(), looked.late());
  }

  @Test
  void look_releaseThatLaterWindowsWillDoFor_changesNothingTonight() {
    assertNull(look(file("a", 2000, hours(30))).files().getFirst().due());
    assertNotNull(
        look(file("a", 2800, hours(30))).files().getFirst().due(), "a third more than it takes");
  }

  @Test
  void look_filesDueBefore_countToo() {
    Looked looked =
        look(
            file("far", 2000, hours(31)), file("near", 2000, hours(30)), file("held", 9, hours(1)));
    assertNotNull(looked.files().get(0).due(), "4000 bytes are due after tonight");
    assertNull(looked.files().get(1).due());
    assertNull(looked.files().get(2).due(), "it is there");
  }

  @Test
  void look_moreThanAllWindowsCarry_isLateAndSaysByHowMuch() {
    Looked looked = look(file("a", 3000, hours(10)), file("b", 1000, hours(10)));
    assertEquals(
        List.of(
            new Deadlines.Late(
                APPLIANCE, file("b", 1000, hours(10)).file(), hours(10), 4000, 3600)),
        looked.late());
    assertEquals(hours(10), looked.files().getLast().due(), "and is fetched soonest all the same");
  }

  @Test
  void look_releasedAlready_isLate() {
    assertEquals(1, look(file("a", 1, hours(-1))).late().size());
  }

  @Test
  void rate_ofASiteUnderBounds_isTheLeast() {
    oca.model.SiteId north = new oca.model.SiteId("north");
    FlowRules.Caps caps =
        new FlowRules.Caps(
            1000,
            List.of(
                new FlowRules.Bound("north", Set.of(north), 700),
                new FlowRules.Bound("transit", Set.of(north), 900)));
    assertEquals(700, caps.rate(north));
    assertEquals(1000, caps.rate(new oca.model.SiteId("south")));
  }

  private static Looked look(Wanted... files) {
    return Deadlines.look(
        APPLIANCE,
        List.of(files),
        Set.of(file("held", 9, null).file().id()),
        TONIGHT,
        1,
        OPENS.minusSeconds(600),
        DeadlinesTest::open);
  }

  /** Seconds of {@code from} to {@code to} that are in the first hour of a day from the opening. */
  private static Duration open(Instant from, Instant to) {
    Duration open = Duration.ZERO;
    for (int day = -2; day < 5; day++) {
      Instant begins = later(OPENS.plus(Duration.ofDays(day)), from);
      Instant closes = TONIGHT.closes().plus(Duration.ofDays(day));
      Instant ends = closes.isBefore(to) ? closes : to;
      if (ends.isAfter(begins)) {
        open = open.plus(Duration.between(begins, ends));
      }
    }
    return open;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant hours(long after) {
    return OPENS.plus(Duration.ofHours(after));
  }

  private static Wanted file(String path, long length, @Nullable Instant due) {
    return new Wanted(
        new CatalogEntry(path, "t", length, "ab".repeat(32), "video/mp4", Instant.EPOCH), due);
  }
}
