package oca.fill.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import oca.fill.publish.ManifestBook;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.protocol.FillManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyCrashTest {
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void apply_killedAtAnyMoment_leavesTheOldPlanOrTheNewOneWhole() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      long told;
      try (ChildApplier child = ChildApplier.start(folder.resolve("state"))) {
        told = child.awaitMore(10 + kill * 7);
        child.kill();
      }
      try (StateStore store = Stores.open(folder.resolve("state"))) {
        PlanBook plans = new PlanBook(store, PlanKey.openOrMake(folder.resolve("key")), 3);
        PlanHead applied = plans.applied().orElseThrow();
        assertTrue(applied.version() >= told, applied.version() + " after " + told);
        assertEquals(applied.version(), plans.plan(applied.version()).content().version());
        assertEquals(
            1, plans.heads().stream().filter(it -> it.state() == PlanHead.State.APPLIED).count());
        List<FillManifest> manifests = new ManifestBook(store).manifests();
        assertEquals(ChildApplier.APPLIANCES, manifests.size());
        for (FillManifest manifest : manifests) {
          assertEquals(applied.version(), manifest.bytesPerSecond(), manifest.appliance().value());
          assertTrue(
              manifest.entries().getFirst().file().path().startsWith("v" + applied.version()));
        }
      }
    }
  }
}
