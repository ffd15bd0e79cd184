package oca.steering.play;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlayerHintsTest {

  @Test
  void of_hlsHints_areRead() {
    assertEquals(
        new PlayerHints(List.of("north-1.2"), OptionalLong.of(5_140_000)),
        PlayerHints.of(Map.of("_HLS_pathway", "\"north-1.2\"", "_HLS_throughput", "5140000")));
  }

  @Test
  void of_dashLists_areRead() {
    assertEquals(
        new PlayerHints(List.of("beta", "alpha"), OptionalLong.of(514)),
        PlayerHints.of(
            Map.of("_DASH_pathway", "\"beta,alpha\"", "_DASH_throughput", "514.25,NaN")));
  }

  @Test
  void of_nonsense_isLeftOut() {
    PlayerHints none = new PlayerHints(List.of(), OptionalLong.empty());
    assertEquals(none, PlayerHints.of(Map.of()));
    assertEquals(
        none, PlayerHints.of(Map.of("_HLS_pathway", "\"\"", "_HLS_throughput", "-1e400,NaN")));
    assertEquals(none, PlayerHints.of(Map.of("_HLS_pathway", "x".repeat(2000))));
  }

  @Property
  void of_anyText_neverFails(@ForAll String pathway, @ForAll String throughput) {
    PlayerHints hints =
        PlayerHints.of(Map.of("_DASH_pathway", pathway, "_DASH_throughput", throughput));
    assertEquals(true, hints.pathways().size() <= 16);
  }
}
