package oca.flame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import oca.flame.HotSpots.Spot;
import oca.flame.Profile.Happening;
import org.junit.jupiter.api.Test;

class HotSpotsTest {
  @Test
  void of_recursionAndWaiting_countsEachSampleOnce() {
    Stacks stacks = new Stacks(100);
    int a = stacks.child(stacks.root(), "a");
    int b = stacks.child(a, "b");
    int again = stacks.child(b, "a");
    assertEquals(b, stacks.child(a, "b"), "known already");
    Profile profile =
        profile(stacks, List.of(new int[] {1, again, 0}, new int[] {2, b, 1}, new int[] {3, b, 2}));
    assertEquals(List.of(new Spot("a", 1, 2), new Spot("b", 1, 2)), HotSpots.of(profile, 10));
    assertEquals(1, HotSpots.of(profile, 1).size());
    assertEquals(1, profile.count(Profile.Kind.WAITING));
  }

  @Test
  void child_noRoom_staysAtItsParent() {
    Stacks stacks = new Stacks(2);
    int a = stacks.child(stacks.root(), "a");
    assertFalse(stacks.isFull());
    assertEquals(a, stacks.child(a, "b"));
    assertTrue(stacks.isFull());
  }

  @Test
  void page_ofHostileNames_endsNoElement() throws Exception {
    Stacks stacks = new Stacks(10);
    int evil = stacks.child(stacks.root(), "</script><script>alert(1)//${script}");
    String html = FlamePage.of("a<b>.jfr", profile(stacks, List.<int[]>of(new int[] {1, evil, 0})));
    assertFalse(html.contains("<script>alert"), "a name is no element");
    assertTrue(html.contains("\\u003c/script>\\u003cscript>alert(1)//${script}"));
    assertTrue(html.contains("<title>a&lt;b>.jfr</title>"));
  }

  static Profile profile(Stacks stacks, List<int[]> samples) {
    return new Profile(
        Instant.parse("2026-11-23T07:40:13Z"),
        60_000,
        stacks.frames(),
        stacks.parents(),
        stacks.names(),
        samples,
        List.of(new int[] {500, 300, 600}, new int[] {1500, 700, 900}),
        List.of(new Happening(30_000, 120_000, "slow answer", "206 abc")),
        List.of());
  }
}
