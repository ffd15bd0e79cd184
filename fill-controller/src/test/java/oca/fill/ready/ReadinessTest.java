package oca.fill.ready;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Instant OPENS = Instant.parse("2026-11-11T02:00:00Z");
  private static final FillWindow WINDOW =
      new FillWindow(OPENS, OPENS.plus(Duration.ofSeconds(100)));
  private static final CatalogEntry OTHER = file("other/a.mp4", "other", 500);
  private static final CatalogEntry A = file("film/a.mp4", "film", 1000);
  private static final CatalogEntry B = file("film/b.mp4", "film", 2000);

  private final List<Member> members = new ArrayList<>();
  private final Map<ApplianceId, FillManifest> manifests = new HashMap<>();

  @Test
  void title_heldAtAllSites_isLive() {
    member("n-1", "north", true, A, B);
    member("s-1", "south", true, A, B);
    TitleReadiness ready = of(new Readiness(1, 1), OPENS);
    assertTrue(ready.live());
    assertEquals(2, ready.sitesReady());
    assertNull(ready.expected());
  }

  @Test
  void title_lackingAFile_isExpectedWhenTheManifestGetsThere() {
    member("n-1", "north", true, A, B);
    member("s-1", "south", true, A);
    planned("s-1", 100, OTHER, A, B);
    TitleReadiness ready = of(new Readiness(1, 1), OPENS.minusSeconds(60));
    assertFalse(ready.live());
    // 500 bytes of another title come first, then 2000, at 100 a second from the opening on.
    Instant expected = OPENS.plusSeconds(25);
    assertEquals(expected, ready.expected());
    TitleReadiness.Missing missing = ready.sites().get(1).missing().getFirst();
    assertEquals(
        new TitleReadiness.Missing(new ApplianceId("s-1"), 1, 2000, expected, null, ""), missing);
    assertEquals(OPENS.plusSeconds(35), of(new Readiness(1, 1), OPENS.plusSeconds(10)).expected());
  }

  @Test
  void title_tooLateForTheWindow_hasNoTimeAndSaysWhy() {
    member("n-1", "north", true);
    planned("n-1", 100, A, B);
    TitleReadiness ready = of(new Readiness(1, 1), OPENS.plusSeconds(80));
    assertNull(ready.expected());
    assertTrue(ready.sites().getFirst().missing().getFirst().why().contains("not within"));
  }

  @Test
  void title_thatIsDue_isExpectedByThenWhateverComesBeforeIt() {
    member("n-1", "north", true);
    planned("n-1", 100, OTHER, A, B);
    due("n-1", OPENS.plusSeconds(32));
    TitleReadiness.Missing missing = missingAt(OPENS);
    assertEquals(OPENS.plusSeconds(30), missing.expected(), "before the other title");
    assertEquals(OPENS.plusSeconds(32), missing.due());
    assertEquals("", missing.why());
    due("n-1", OPENS.plusSeconds(90));
    assertEquals(OPENS.plusSeconds(35), missingAt(OPENS).expected(), "there is time enough");
  }

  @Test
  void title_thatComesAfterItsRelease_saysSo() {
    member("n-1", "north", true);
    planned("n-1", 100, OTHER, A, B);
    due("n-1", OPENS.plusSeconds(20));
    TitleReadiness.Missing missing = missingAt(OPENS);
    assertEquals(OPENS.plusSeconds(30), missing.expected());
    assertEquals("after its release at " + OPENS.plusSeconds(20), missing.why());
  }

  private TitleReadiness.Missing missingAt(Instant now) {
    return of(new Readiness(1, 1), now).sites().getFirst().missing().getFirst();
  }

  private void due(String id, Instant due) {
    manifests.computeIfPresent(
        new ApplianceId(id),
        (appliance, it) ->
            new FillManifest(
                appliance,
                1,
                WINDOW,
                it.bytesPerSecond(),
                it.entries().stream()
                    .map(
                        entry ->
                            new FillManifest.Entry(
                                entry.file(),
                                entry.sources(),
                                entry.file().title().equals("film") ? due : null))
                    .toList()));
  }

  @Test
  void title_onlyWithTheDead_isNotReadyThere() {
    member("n-1", "north", false, A, B);
    member("n-2", "north", false);
    planned("n-2", 100, A, B);
    TitleReadiness ready = of(new Readiness(1, 1), OPENS);
    assertFalse(ready.live());
    assertEquals(0, ready.sites().getFirst().copies());
    assertEquals("it is not alive", ready.sites().getFirst().missing().getFirst().why());
  }

  @Test
  void title_plannedNowhere_isNotExpected() {
    member("n-1", "north", true);
    planned("n-1", 100, OTHER);
    TitleReadiness ready = of(new Readiness(1, 1), OPENS);
    assertFalse(ready.live());
    assertNull(ready.expected());
    assertEquals(List.of(), ready.sites().getFirst().missing());
  }

  @Test
  void rules_copiesAndShare_decide() {
    member("n-1", "north", true, A, B);
    member("n-2", "north", true, A, B);
    member("s-1", "south", true, A, B);
    member("w-1", "west", true);
    assertTrue(of(new Readiness(1, 0.5), OPENS).live());
    assertFalse(of(new Readiness(2, 0.5), OPENS).live());
    assertTrue(of(new Readiness(2, 0.3), OPENS).live());
    assertEquals(2, of(new Readiness(1, 0.5), OPENS).sitesWanted());
    assertThrows(IllegalArgumentException.class, () -> new Readiness(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Readiness(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Readiness(1, 1.01));
  }

  @Test
  void fleet_empty_isNeverLive() {
    assertFalse(of(new Readiness(1, 1), OPENS).live());
  }

  private TitleReadiness of(Readiness rules, Instant now) {
    return rules.of(
        "film",
        List.of(A, B),
        new FleetSnapshot(members),
        id -> Optional.ofNullable(manifests.get(id)),
        now);
  }

  private void member(String id, String site, boolean alive, CatalogEntry... held) {
    members.add(
        new Member(
            new ApplianceId(id),
            new SiteId(site),
            new Endpoint("127.0.0.1", 80),
            alive,
            1 << 20,
            Arrays.stream(held).map(CatalogEntry::id).collect(Collectors.toSet())));
  }

  private void planned(String id, long rate, CatalogEntry... files) {
    manifests.put(
        new ApplianceId(id),
        new FillManifest(
            new ApplianceId(id),
            1,
            WINDOW,
            rate,
            Arrays.stream(files)
                .map(
                    file ->
                        new FillManifest.Entry(
                            file,
                            List.of(FillManifest.Source.peer(URI.create("http://o.example/")))))
                .toList()));
  }

  private static CatalogEntry file(String path, String title, long length) {
    return new CatalogEntry(path, title, length, "ab".repeat(32), "video/mp4", Instant.EPOCH);
  }
}
