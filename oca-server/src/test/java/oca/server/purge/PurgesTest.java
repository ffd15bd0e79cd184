package oca.server.purge;

import static oca.server.purge.Verdict.HARD;
import static oca.server.purge.Verdict.SOFT;
import static oca.server.purge.Verdict.VALID;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PurgesTest {
  private static final PurgeConfig SMALL = new PurgeConfig(16, 2, 64, 4, 16);

  private final Purges purges = Purges.empty(SMALL);

  private Rule hard(Kind kind, String target) {
    return purges.purge(new PurgeOrder("tv", kind, target, false, false));
  }

  private Rule soft(Kind kind, String target) {
    return purges.purge(new PurgeOrder("tv", kind, target, true, false));
  }

  private static Tags tags(String... names) {
    return Tags.of(List.of(names), List.of(), SMALL);
  }

  private Verdict judge(long stamp, String path) {
    return purges.judge(stamp, "tv", path, Tags.NONE);
  }

  @Test
  void judge_nothingPurged_isValid() {
    assertEquals(0, purges.now());
    assertEquals(VALID, judge(0, "/a"));
  }

  @Test
  void judge_stampOfBeforeAndAfter_differ() {
    long before = purges.now();
    Rule rule = hard(Kind.URL, "/a");
    assertEquals(1, rule.generation());
    assertEquals(HARD, judge(before, "/a"));
    assertEquals(VALID, judge(purges.now(), "/a"));
    hard(Kind.URL, "/b");
    assertEquals(VALID, judge(1, "/a"), "purged before it was stamped");
  }

  @ParameterizedTest
  @CsvSource({
    "URL, /a/b, /a/b, HARD",
    "URL, /a/b, /a/bc, VALID",
    "URL, /a/b, /a/, VALID",
    "URL, /a/b, /a/B, VALID",
    "URL, /a/b, /a/b?x=1, VALID",
    "URL, /a/b?x=1, /a/b?x=1, HARD",
    "PREFIX, /a/b, /a/b, HARD",
    "PREFIX, /a/b, /a/bc, HARD",
    "PREFIX, /a/b, /a/b/c?d, HARD",
    "PREFIX, /a/b, /a/, VALID",
    "PREFIX, /a/b, /x/a/b, VALID",
    "PREFIX, /, /x, HARD",
    "PREFIX, /a?x=, /a?x=7, HARD",
    "TAG, News, /any, HARD",
    "TAG, sport, /any, VALID",
    "ALL, '', /any, HARD",
  })
  void judge_target_takesWhatItNames(Kind kind, String target, String path, Verdict verdict) {
    Tags news = Tags.of(List.of("x NEWS"), List.of(), SMALL);
    Rule rule = hard(kind, target);
    assertEquals(verdict, purges.judge(0, "tv", path, news));
    assertEquals(verdict == HARD, rule.matches("tv", path, news));
    assertEquals(verdict == HARD, rule.purges(0, "tv", path, news));
    assertEquals(VALID, purges.judge(0, "radio", path, news));
    assertTrue(!rule.matches("radio", path, news) && !rule.purges(1, "tv", path, news));
  }

  @Test
  void judge_hardAndSoft_hardWinsWhateverTheOrder() {
    hard(Kind.URL, "/a");
    soft(Kind.URL, "/a");
    soft(Kind.PREFIX, "/b");
    hard(Kind.TAG, "t");
    soft(Kind.ALL, "");
    assertEquals(HARD, judge(0, "/a"));
    assertEquals(SOFT, judge(1, "/a"));
    assertEquals(HARD, purges.judge(3, "tv", "/b", tags("t")));
    assertEquals(SOFT, purges.judge(4, "tv", "/b", tags("t")));
    assertEquals(VALID, judge(5, "/a"));
  }

  @Test
  void purge_ofTheSameTarget_isOneRule() {
    for (int i = 0; i < 100; i++) {
      soft(Kind.URL, "/a");
    }
    assertEquals(1, purges.size());
    hard(Kind.URL, "/a");
    assertEquals(List.of(new Rule(101, "tv", Kind.URL, "/a", false)), purges.rules());
    soft(Kind.URL, "/a");
    assertEquals(2, purges.size());
    assertEquals(0, purges.folded());
  }

  @Test
  void purge_dryRun_tellsAndPurgesNothing() {
    Rule rule = purges.purge(new PurgeOrder("tv", Kind.PREFIX, "/a", false, true));
    assertEquals(new Rule(1, "tv", Kind.PREFIX, "/a", false), rule);
    assertTrue(rule.matches("tv", "/ab", Tags.NONE));
    assertEquals(0, purges.now());
    assertEquals(VALID, judge(0, "/ab"));
    assertEquals(List.of(), purges.rules());
  }

  @Test
  void purge_beyondMaxRules_foldsTheOldestIntoItsService() {
    hard(Kind.URL, "/first");
    soft(Kind.TAG, "second");
    for (int i = 0; i < 16; i++) {
      soft(Kind.URL, "/" + i);
    }
    assertEquals(16, purges.size());
    assertEquals(2, purges.folded());
    assertEquals(HARD, judge(0, "/first"));
    assertEquals(HARD, judge(0, "/unnamed"), "as old as what was folded, and as hard");
    assertEquals(SOFT, judge(1, "/unnamed"));
    assertEquals(VALID, judge(2, "/unnamed"));
    assertEquals(SOFT, judge(17, "/15"));
    assertEquals(VALID, purges.judge(0, "radio", "/first", Tags.NONE));
  }

  @Test
  void purge_repeated_staysWhenOlderOnesAreFolded() {
    hard(Kind.URL, "/kept");
    for (int i = 0; i < 15; i++) {
      soft(Kind.URL, "/" + i);
    }
    hard(Kind.URL, "/kept");
    soft(Kind.URL, "/new");
    assertEquals(HARD, judge(16, "/kept"));
    assertEquals(SOFT, judge(0, "/unnamed"), "the first soft one was folded");
    assertEquals(VALID, judge(2, "/unnamed"));
  }

  @Test
  void fold_intoARuleThatSaysMore_isNoLoss() {
    hard(Kind.URL, "/a");
    hard(Kind.ALL, "");
    for (int i = 0; i < 16; i++) {
      soft(Kind.URL, "/" + i);
    }
    assertEquals(0, purges.folded());
    assertEquals(16, purges.size());
  }

  @Test
  void tags_cutOff_arePurgedByEveryTag() {
    Tags many = tags("a b c d e");
    assertTrue(many.isCutOff());
    assertEquals(VALID, purges.judge(0, "tv", "/x", many));
    soft(Kind.TAG, "z");
    assertEquals(SOFT, purges.judge(0, "tv", "/x", many));
    hard(Kind.TAG, "y");
    assertEquals(HARD, purges.judge(1, "tv", "/x", many));
    assertEquals(VALID, purges.judge(2, "tv", "/x", many));
    assertEquals(VALID, purges.judge(0, "tv", "/x", tags("a b c d")));
  }

  @Test
  void purge_ofTooManyServicesOrTooLong_isRefusedAndNothingChanges() {
    hard(Kind.ALL, "");
    purges.purge(new PurgeOrder("radio", Kind.ALL, "", false, false));
    PurgeOrder third = new PurgeOrder("third", Kind.URL, "/a", false, false);
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> purges.purge(third)).getMessage();
    assertTrue(refusal.contains("raise maxServices"), refusal);
    String tooLong = "/" + "x".repeat(64);
    assertThrows(IllegalArgumentException.class, () -> hard(Kind.URL, tooLong));
    assertThrows(IllegalArgumentException.class, () -> hard(Kind.TAG, "x".repeat(17)));
    assertEquals(2, purges.now());
    assertEquals(2, purges.rules().size());
  }

  @Test
  void of_rulesThatWereWrittenDown_judgesAsBefore() {
    hard(Kind.URL, "/a");
    soft(Kind.PREFIX, "/b");
    soft(Kind.URL, "/a");
    hard(Kind.TAG, "t");
    soft(Kind.ALL, "");
    Purges again = Purges.of(SMALL, purges.rules().reversed(), purges.now());
    assertEquals(purges.rules(), again.rules());
    assertEquals(5, again.now());
    for (int stamp = 0; stamp <= 5; stamp++) {
      for (String path : List.of("/a", "/b", "/c")) {
        Tags tags = path.equals("/c") ? tags("t") : Tags.NONE;
        assertEquals(
            purges.judge(stamp, "tv", path, tags), again.judge(stamp, "tv", path, tags), path);
      }
    }
    Rule next = again.purge(new PurgeOrder("tv", Kind.URL, "/x", false, false));
    assertEquals(6, next.generation());
  }

  @Test
  void of_ruleOfALaterGeneration_isRefused() {
    List<Rule> rules = List.of(new Rule(7, "tv", Kind.URL, "/a", false));
    assertThrows(IllegalArgumentException.class, () -> Purges.of(SMALL, rules, 6));
    assertEquals(HARD, Purges.of(SMALL, rules, 9).judge(6, "tv", "/a", Tags.NONE));
    assertEquals(9, Purges.of(SMALL, rules, 9).now());
  }

  @Test
  void judge_withRules_allocatesNothing() {
    hard(Kind.URL, "/other");
    soft(Kind.PREFIX, "/some/where/else");
    soft(Kind.TAG, "z");
    Tags tags = tags("a b c");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    valid(tags);
    long before = threads.getCurrentThreadAllocatedBytes();
    int valid = valid(tags);
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / 20_000;
    assertEquals(20_000, valid);
    assertEquals(0, each);
  }

  private int valid(Tags tags) {
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      valid += purges.judge(0, "tv", "/some/where/a/file.m4s", tags) == VALID ? 1 : 0;
    }
    return valid;
  }

  /** What 100,000 purged paths of 60 characters take, their texts included. */
  @Test
  void memory_ofAHundredThousandUrls_isBounded() {
    List<PurgeOrder> orders = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      String path = "/vod/title-%06d/video/1080p/segment-000000000-of-000.m4s".formatted(i);
      orders.add(new PurgeOrder("tv", Kind.URL, path + "??", false, false));
    }
    assertEquals(60, orders.getFirst().target().length());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Purges all = Purges.empty(PurgeConfig.DEFAULTS);
    long empty = threads.getCurrentThreadAllocatedBytes() - before;
    long began = System.nanoTime();
    for (PurgeOrder order : orders) {
      all.purge(order);
    }
    double micros = (System.nanoTime() - began) / 1e3 / orders.size();
    // A rule is made for each purge and thrown away; it is counted here as well.
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    long texts = orders.size() * (24 + 16 + 64L);
    System.out.printf(
        "100,000 purged URLs: %.1f MB with texts of 60 characters, %.2f MB empty, %.2f us each%n",
        (bytes + texts) / 1e6, empty / 1e6, micros);
    assertEquals(100_000, all.size());
    assertEquals(0, all.folded());
    assertEquals(HARD, all.judge(5, "tv", orders.get(50_000).target(), Tags.NONE));
    assertTrue(empty < 1_200_000, empty + " bytes for nothing");
    assertTrue(bytes + texts < 30_000_000, bytes + " bytes");
  }
}
