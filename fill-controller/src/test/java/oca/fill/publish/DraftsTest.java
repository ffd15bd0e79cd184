package oca.fill.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.publish.Drafts.Order;
import oca.fill.publish.Drafts.Wanted;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;
import org.junit.jupiter.api.Test;

class DraftsTest {
  private static final URI ORIGIN = URI.create("http://origin:1/c/");
  private static final FillWindow WINDOW =
      new FillWindow(Instant.EPOCH, Instant.EPOCH.plusSeconds(3600));
  private static final int FILES = 40;

  @Test
  void of_noCaps_haveTheApplianceRateAndNoOther() {
    for (FillManifest draft : drafts(List.of(), Set.of())) {
      assertEquals(1000, draft.bytesPerSecond());
      assertNull(draft.outsideBytesPerSecond());
    }
  }

  @Test
  void of_aLink_isSharedByWhatEachFetchesAndNeverOverdrawn() {
    FlowRules.Bound link = new FlowRules.Bound("transit", Set.of(new SiteId("north")), 900);
    List<FillManifest> drafts = drafts(List.of(link), Set.of());
    long sum = drafts.stream().mapToLong(DraftsTest::outside).sum();
    assertTrue(sum <= 900 && sum >= 897, "" + sum);
    for (FillManifest draft : drafts) {
      long mastered =
          draft.entries().stream().filter(it -> it.sources().getLast().afterMillis() == 0).count();
      assertEquals(
          900.0 * (double) mastered / FILES, (double) outside(draft), 2, draft.appliance().value());
    }
  }

  @Test
  void of_others_waitForWhatTheMasterFetchesBefore() {
    List<FillManifest> drafts = drafts(List.of(), Set.of());
    for (FillManifest draft : drafts) {
      for (int i = 0; i < FILES; i++) {
        long after = draft.entries().get(i).sources().getLast().afterMillis();
        // 1000 bytes a file at 1000 bytes a second, twice; up to one step and the base wait.
        long most = Duration.ofMinutes(31).toMillis() + 2000L * (i + 1);
        assertTrue(after == 0 || (after > 1_800_000 && after <= most), i + ": " + after);
      }
    }
  }

  @Test
  void of_due_isToldToTheAppliance() {
    assertTrue(
        drafts(List.of(), Set.of()).stream()
            .allMatch(it -> Instant.EPOCH.equals(it.entries().getFirst().due())));
  }

  @Test
  void faults_noted_areAvoidedForAWhile() {
    AtomicLong now = new AtomicLong();
    PeerFaults faults = new PeerFaults(Duration.ofNanos(100), now::get);
    faults.note(List.of("n-1:80"));
    assertEquals(Set.of("n-1:80"), faults.avoided());
    for (FillManifest draft : drafts(List.of(), faults.avoided())) {
      assertTrue(
          draft.entries().stream()
              .flatMap(it -> it.sources().stream())
              .noneMatch(it -> "n-1".equals(it.uri().getHost())));
    }
    now.set(100);
    assertEquals(Set.of(), faults.avoided());
  }

  private static long outside(FillManifest draft) {
    Long rate = draft.outsideBytesPerSecond();
    return rate == null ? 0 : rate;
  }

  private static List<FillManifest> drafts(List<FlowRules.Bound> bounds, Set<String> avoided) {
    List<Member> members =
        IntStream.rangeClosed(1, 3)
            .mapToObj(
                i ->
                    new Member(
                        new ApplianceId("n-" + i),
                        new SiteId("north"),
                        new Endpoint("n-" + i, 80),
                        true,
                        1000,
                        Set.of()))
            .toList();
    List<Wanted> files =
        IntStream.range(0, FILES)
            .mapToObj(
                i ->
                    new Wanted(
                        new CatalogEntry(
                            "t/" + i, "t", 1000, "ab".repeat(32), "video/mp4", Instant.EPOCH),
                        Instant.EPOCH))
            .toList();
    FlowRules rules =
        new FlowRules(
            1,
            2,
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofMinutes(1),
            Map.of(),
            Map.of(),
            100,
            new FlowRules.Caps(1000, bounds));
    return new Drafts(new FleetSnapshot(members), ORIGIN, rules, avoided)
        .of(members.stream().map(it -> new Order(it, WINDOW, files)).toList());
  }
}
