package oca.server.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/** Against a plain list of all purges there ever were. */
class PurgesPropertyTest {
  private static final PurgeConfig LARGE = new PurgeConfig(1000, 10, 64, 2, 16);
  private static final PurgeConfig SMALL = new PurgeConfig(16, 10, 64, 2, 16);

  record Thing(String service, String path, Tags tags) {}

  @Provide
  Arbitrary<PurgeOrder> orders() {
    Arbitrary<String> paths = paths();
    return Combinators.combine(
            Arbitraries.of("tv", "radio"),
            Arbitraries.frequency(
                Tuple.of(1, Kind.ALL),
                Tuple.of(9, Kind.URL),
                Tuple.of(5, Kind.PREFIX),
                Tuple.of(5, Kind.TAG)),
            paths,
            Arbitraries.of("x", "y", "Z", "w"),
            Arbitraries.of(true, false))
        .as(
            (service, kind, path, tag, soft) ->
                new PurgeOrder(
                    service,
                    kind,
                    switch (kind) {
                      case ALL -> "";
                      case URL, PREFIX -> path;
                      case TAG -> tag;
                    },
                    soft,
                    false));
  }

  private static Arbitrary<String> paths() {
    return Arbitraries.of("a", "b", "/", "?")
        .list()
        .ofMaxSize(4)
        .map(list -> "/" + String.join("", list));
  }

  @Provide
  Arbitrary<Thing> things() {
    Arbitrary<Tags> tags =
        Arbitraries.of("x", "y", "z", "w", "v")
            .list()
            .ofMaxSize(3)
            .map(list -> Tags.of(List.of(String.join(" ", list)), List.of(), LARGE));
    return Combinators.combine(Arbitraries.of("tv", "radio", "web"), paths(), tags).as(Thing::new);
  }

  private static Verdict naive(List<Rule> rules, long stamp, Thing thing) {
    Verdict verdict = Verdict.VALID;
    for (Rule rule : rules) {
      if (rule.purges(stamp, thing.service(), thing.path(), thing.tags())) {
        verdict = rule.soft() && verdict != Verdict.HARD ? Verdict.SOFT : Verdict.HARD;
      }
    }
    return verdict;
  }

  private static Verdict judge(Purges purges, long stamp, Thing thing) {
    return purges.judge(stamp, thing.service(), thing.path(), thing.tags());
  }

  @Property(tries = 1500)
  void judge_afterAnyPurges_isWhatTheListSays(
      @ForAll @Size(max = 40) List<@From("orders") PurgeOrder> orders,
      @ForAll @Size(max = 10) List<@From("things") Thing> things) {
    Purges purges = Purges.empty(LARGE);
    List<Rule> all = new ArrayList<>();
    for (PurgeOrder order : orders) {
      all.add(purges.purge(order));
      for (Thing thing : things) {
        for (long stamp = Math.max(0, all.size() - 4); stamp <= all.size(); stamp++) {
          assertEquals(naive(all, stamp, thing), judge(purges, stamp, thing));
        }
      }
    }
    assertEquals(0, purges.folded());
    Purges again = Purges.of(LARGE, purges.rules(), purges.now());
    for (Thing thing : things) {
      for (long stamp = 0; stamp <= all.size(); stamp++) {
        assertEquals(naive(all, stamp, thing), judge(again, stamp, thing));
        assertEquals(naive(purges.rules(), stamp, thing), judge(purges, stamp, thing));
      }
    }
  }

  /** With few rules: stricter than the list at most, never less, and nothing new is purged. */
  @Property(tries = 1500)
  void judge_afterFolding_isNeverLessStrict(
      @ForAll @Size(min = 17, max = 120) List<@From("orders") PurgeOrder> orders,
      @ForAll @Size(max = 10) List<@From("things") Thing> things) {
    Purges purges = Purges.empty(SMALL);
    List<Rule> all = new ArrayList<>();
    for (PurgeOrder order : orders) {
      all.add(purges.purge(order));
      assertTrue(purges.size() <= 16 && purges.rules().size() <= 16 + 4);
      for (Thing thing : things) {
        long stamp = purges.now() - 1;
        assertEquals(
            naive(all.subList(all.size() - 1, all.size()), stamp, thing),
            judge(purges, stamp, thing),
            "the newest rule is never folded into more");
      }
    }
    for (Thing thing : things) {
      for (long stamp = 0; stamp <= all.size(); stamp++) {
        Verdict exact = naive(all, stamp, thing);
        Verdict folded = judge(purges, stamp, thing);
        assertTrue(folded.compareTo(exact) >= 0, () -> exact + " became " + folded);
        assertTrue(purges.folded() > 0 || folded == exact, () -> exact + " became " + folded);
      }
      assertEquals(Verdict.VALID, judge(purges, all.size(), thing));
    }
  }
}
