package oca.server.cmcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;

/**
 * Any text as CMCD: what comes out is within its bounds and safe to log and to resolve, and is the
 * same whether the text came in a header field or in the query.
 */
@Tag("fuzz")
class CmcdFuzzTest {
  private static final CmcdParser PARSER = new CmcdParser(CmcdLimits.DEFAULTS);
  private static final int MAX_TEXT = 1024;
  private static final PacingConfig PACING =
      new PacingConfig(PacingConfig.Mode.BY_CMCD, 0, 1000, 50_000, 2, Duration.ofSeconds(10));

  @FuzzTest
  void parse(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Cmcd raw = PARSER.ofQuery(text);
    check(raw);
    if (data.length == 0 || text.length() > MAX_TEXT) {
      return;
    }
    Cmcd fields = PARSER.parse(null, text, null, null, null);
    check(fields);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= MAX_TEXT) {
      String encoded = HexFormat.ofDelimiter("%").formatHex(utf8);
      Cmcd query = PARSER.ofQuery("a=b&CMCD=%" + encoded);
      assertEquals(fields.toString().replace("HEADERS", "QUERY"), query.toString(), text);
    }
  }

  private static void check(Cmcd cmcd) {
    assertPrintable(cmcd.sessionId(), CmcdLimits.MAX_SESSION_ID);
    assertPrintable(cmcd.contentId(), CmcdLimits.MAX_CONTENT_ID);
    IntStream.of(
            cmcd.encodedKbps(),
            cmcd.topKbps(),
            cmcd.requestedKbps(),
            cmcd.measuredKbps(),
            cmcd.bufferMillis(),
            cmcd.deadlineMillis(),
            cmcd.objectMillis())
        .forEach(number -> assertTrue(number >= -1, cmcd.toString()));
    assertTrue(cmcd.playbackRate() == -1 || cmcd.playbackRate() >= 0, cmcd.toString());
    assertTrue(cmcd.malformed() >= 0 && cmcd.malformed() <= 66, cmcd.toString());
    assertTrue(cmcd.next().size() <= 4, cmcd.toString());
    for (NextObject next : cmcd.next()) {
      assertTrue(next.path().matches("(?!//)[!-~]*"), next.path());
      assertTrue(!next.path().split("[/?#]", 2)[0].contains(":"), next.path());
      assertTrue(
          next.range() == null || next.range().matches("[0-9]+-[0-9]*|-[0-9]+"), next.range());
    }
    long rate = Pacing.bytesPerSecond(cmcd, PACING);
    assertTrue(rate == Pacing.UNLIMITED || (rate >= 125_000 && rate <= 6_250_000), cmcd.toString());
    assertEquals(cmcd.playback(), cmcd.playback());
  }

  private static void assertPrintable(String text, int most) {
    assertTrue(text == null || (text.matches("[ -~]*") && text.length() <= most), text);
  }
}
