package oca.server.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.Source;
import oca.server.fill.FillQueue.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Releases in the queue, at the speed at which files come in. */
class DueFilesTest {
  private static final Instant OPENS = FillFixture.OPENS;

  private final AtomicReference<Instant> now = new AtomicReference<>(OPENS);
  private final AtomicLong measured = new AtomicLong(1000);
  private final FillQueue queue =
      new FillQueue(
          _ -> false,
          now::get,
          Duration.ofSeconds(1),
          1,
          1,
          (rate, _) -> Math.min(rate, measured.get()),
          Grants.NONE);

  @Test
  void take_releaseThatSourcesAreTooSlowFor_comesBeforeWhatIsWorthMore() throws Exception {
    Entry valuable = entry("valuable", null);
    Entry release = entry("release", OPENS.plusSeconds(200));
    queue.replace(FillFixture.manifest(1, valuable, release));
    FillJob first = queue.take();
    assertEquals(valuable, first.entry(), "10 s to fetch, 200 s left");
    measured.set(50);
    now.set(OPENS.plusSeconds(2));
    assertEquals(0, queue.late());
    assertEquals(Verdict.PREEMPTED, queue.verdict(first, true), "200 s to fetch, 198 s left");
    assertEquals(1, queue.late(), "and that is too long already");
    queue.putBack(first);
    assertEquals(release, queue.take().entry());
  }

  @Test
  void take_severalReleases_comeByTheirDeadlines() throws Exception {
    Entry tomorrow = entry("tomorrow", OPENS.plus(Duration.ofDays(1)));
    Entry later = entry("later", OPENS.plusSeconds(25));
    Entry soon = entry("soon", OPENS.plusSeconds(12));
    queue.replace(FillFixture.manifest(1, entry("valuable", null), tomorrow, later, soon));
    for (Entry next : List.of(soon, later)) {
      FillJob taken = queue.take();
      assertEquals(next, taken.entry());
      queue.giveUp(taken);
    }
    assertEquals("valuable", queue.take().entry().file().path());
  }

  private static Entry entry(String path, @Nullable Instant due) {
    return new Entry(
        new CatalogEntry(path, "t", 10_000, "0".repeat(64), "video/mp4", Instant.EPOCH),
        List.of(Source.peer(URI.create("http://one/" + path))),
        due);
  }
}
