package oca.server.cmcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Whatever comes, and what a player wrote by the book. */
class CmcdPropertyTest {
  private static final CmcdParser PARSER = new CmcdParser(CmcdLimits.DEFAULTS);

  @Provide
  Arbitrary<String> pieces() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "br",
            "bl",
            "bs",
            "sid",
            "nor",
            "nrr",
            "ot",
            "pr",
            "v",
            "=",
            "=",
            ",",
            ",",
            "(",
            ")",
            "\"",
            "\\",
            ";",
            " ",
            "\t",
            "?1",
            "?0",
            "3200",
            "-",
            ".",
            "1.5",
            "999999999999999",
            "v",
            "a",
            "av",
            "r=",
            "%",
            "%22",
            "%2C",
            "&",
            "CMCD=",
            "\u0000",
            "\u00e9",
            "\ud800");
    return piece.list().ofMaxSize(60).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(pieces(), Arbitraries.strings().ofMaxLength(200));
  }

  @Property(tries = 3000)
  void garbage_anywhere_neverThrowsAndStaysInBounds(
      @ForAll("texts") String query,
      @ForAll("texts") String request,
      @ForAll("texts") String object) {
    bounded(PARSER.ofQuery("CMCD=" + query));
    bounded(PARSER.parse(query, request, object, null, query));
  }

  private static void bounded(Cmcd cmcd) {
    assertTrue(cmcd.sessionId() == null || cmcd.sessionId().length() <= 64);
    assertTrue(cmcd.contentId() == null || cmcd.contentId().length() <= 128);
    assertTrue(cmcd.next().size() <= 4);
    assertTrue(cmcd.malformed() >= 0 && cmcd.malformed() <= 66);
    assertTrue(cmcd.encodedKbps() >= -1 && cmcd.bufferMillis() >= -1);
    assertTrue(cmcd.requestedKbps() >= -1 && cmcd.measuredKbps() >= -1);
    assertTrue(cmcd.deadlineMillis() >= -1 && cmcd.objectMillis() >= -1);
    assertTrue(cmcd.playbackRate() >= 0 || cmcd.playbackRate() == -1);
    PacingConfig config =
        new PacingConfig(PacingConfig.Mode.BY_CMCD, 0, 1000, 80_000, 2, Duration.ofSeconds(1));
    long rate = Pacing.bytesPerSecond(cmcd, config);
    assertTrue(rate == Pacing.UNLIMITED || (rate >= 125_000 && rate <= 10_000_000), "rate " + rate);
  }

  /** Each seed, each of its beginnings, and each with one character changed or left out. */
  @Test
  void seed_cutOrAltered_neverThrowsAndStaysInBounds() throws IOException {
    List<String> seeds;
    try (InputStream in = CmcdPropertyTest.class.getResourceAsStream("seeds.txt")) {
      seeds = new String(in.readAllBytes(), UTF_8).lines().toList();
    }
    assertTrue(seeds.size() >= 20, "seeds " + seeds.size());
    for (String seed : seeds) {
      bounded(PARSER.ofQuery(seed));
      for (int at = 0; at < seed.length(); at++) {
        String before = seed.substring(0, at);
        String after = seed.substring(at + 1);
        bounded(PARSER.ofQuery("CMCD=" + before));
        bounded(PARSER.parse(null, before, after, seed, null));
        for (char other : "\",=();% \\9".toCharArray()) {
          bounded(PARSER.parse(null, before + other + after, null, null, null));
          bounded(PARSER.ofQuery("CMCD=" + before + other + after));
        }
      }
    }
  }

  /** What a player may tell, made at random. */
  @Provide
  Arbitrary<Cmcd> players() {
    Arbitrary<String> id =
        Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(64).injectNull(.2);
    Arbitrary<Integer> number = Arbitraries.integers().between(-1, Integer.MAX_VALUE);
    Arbitrary<List<Integer>> numbers = number.list().ofSize(7);
    Arbitrary<NextObject> one =
        Combinators.combine(
                Arbitraries.strings().withChars("ab/._ %2\"").ofMaxLength(20).map(it -> "./" + it),
                Arbitraries.of("0-99", "5-", "-7").injectNull(.5))
            .as(NextObject::new);
    return Combinators.combine(
            id,
            id,
            Arbitraries.of(ObjectType.class).injectNull(.2),
            Arbitraries.of(StreamType.class).injectNull(.2),
            Arbitraries.of(PlayerState.class).injectNull(.2),
            numbers,
            Arbitraries.integers().between(0, 4000),
            one.list().ofMaxSize(4))
        .as(
            (sid, cid, ot, st, sta, n, pr, next) ->
                new Cmcd(
                    Cmcd.Source.QUERY,
                    2,
                    0,
                    sid,
                    cid,
                    ot,
                    StreamingFormat.HLS,
                    st,
                    sta,
                    n.get(0),
                    n.get(1),
                    n.get(2),
                    n.get(3),
                    n.get(4),
                    n.get(5),
                    n.get(6),
                    pr / 1000.0,
                    n.get(0) % 2 == 0,
                    n.get(1) % 2 == 0,
                    next));
  }

  @Property(tries = 1000)
  void player_byTheBook_isReadBack(@ForAll("players") Cmcd told, @ForAll long seed) {
    List<String> members = members(told);
    Collections.shuffle(members, new Random(seed));
    String text = String.join(",", members);
    assertEquals(told, PARSER.ofQuery("x=y&" + CmcdParserTest.query(text) + "&z"), text);
  }

  private static List<String> members(Cmcd cmcd) {
    List<String> to = new ArrayList<>();
    to.add("v=" + cmcd.version());
    to.add("sf=" + cmcd.streamingFormat().token());
    to.add("pr=" + cmcd.playbackRate());
    text(to, "sid", cmcd.sessionId());
    text(to, "cid", cmcd.contentId());
    if (cmcd.objectType() != null) {
      to.add("ot=" + cmcd.objectType().token());
    }
    if (cmcd.streamType() != null) {
      to.add("st=" + cmcd.streamType().token());
    }
    if (cmcd.playerState() != null) {
      to.add("sta=" + cmcd.playerState().token());
    }
    String mark = cmcd.objectType() == null ? "" : ";" + cmcd.objectType().token();
    amount(to, "br", cmcd.encodedKbps(), mark);
    amount(to, "tb", cmcd.topKbps(), mark);
    amount(to, "mtp", cmcd.measuredKbps(), "");
    amount(to, "bl", cmcd.bufferMillis(), mark);
    number(to, "rtp", cmcd.requestedKbps());
    number(to, "dl", cmcd.deadlineMillis());
    number(to, "d", cmcd.objectMillis());
    if (cmcd.starved()) {
      to.add("bs");
    }
    if (cmcd.startup()) {
      to.add("su");
    }
    if (!cmcd.next().isEmpty()) {
      List<String> items = new ArrayList<>();
      for (NextObject next : cmcd.next()) {
        items.add(quoted(next.path()) + (next.range() == null ? "" : ";r=" + quoted(next.range())));
      }
      to.add("nor=(" + String.join(" ", items) + ")");
    }
    return to;
  }

  private static void text(List<String> to, String key, String value) {
    if (value != null) {
      to.add(key + "=" + quoted(value));
    }
  }

  private static void number(List<String> to, String key, int value) {
    if (value >= 0) {
      to.add(key + "=" + value);
    }
  }

  private static void amount(List<String> to, String key, int value, String mark) {
    if (value >= 0) {
      to.add(key + "=(" + value + mark + ")");
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
