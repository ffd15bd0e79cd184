package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads answers as a strict client would, and knows what may stand in their bodies. */
final class AnswerReader {
  static final String BOUNDARY = "boundary-of-the-test";

  private static final Pattern STATUS =
      Pattern.compile("HTTP/1\\.1 (200|204|206|304|4[0-9]{2}|503|505) [A-Za-z -]+\r\n");
  private static final Pattern FIELD = Pattern.compile("([A-Za-z-]+): ([!-~][ -~]*)\r\n");
  private static final Pattern RANGE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]+)");
  private static final Pattern PART =
      Pattern.compile(
          "(\r\n)?--" + BOUNDARY + "\r\nContent-Type: video/mp4\r\nContent-Range: (.*)\r\n\r\n");

  private final String sent;
  private final String content;
  private int at;

  AnswerReader(byte[] sent, byte[] content) {
    this.sent = new String(sent, StandardCharsets.ISO_8859_1);
    this.content = new String(content, StandardCharsets.ISO_8859_1);
  }

  /** There is one proper answer to each request, and nothing else. */
  void check(List<HeadModel.Request> requests) {
    at = 0;
    for (HeadModel.Request request : requests) {
      answer(request);
    }
    assertEquals(sent.length(), at, () -> "more than the answers: " + sent.substring(at));
  }

  private void answer(HeadModel.Request request) {
    int status = Integer.parseInt(next(STATUS).group(1));
    Map<String, String> fields = new HashMap<>();
    while (!sent.startsWith("\r\n", at)) {
      Matcher field = next(FIELD);
      String name = field.group(1).toLowerCase(Locale.ROOT);
      String before = fields.put(name, field.group(2));
      assertTrue(before == null, () -> name + " stands twice");
    }
    at += 2;
    assertTrue(fields.containsKey("date"));
    assertEquals(request.last(), "close".equals(fields.get("connection")), "Connection");
    assertTrue(!request.refused() || List.of(400, 413, 414, 431, 505).contains(status), "refused");
    assertTrue(request.refused() || !List.of(400, 413, 414, 431, 505).contains(status), "taken");
    if (request.headOnly() || status == 204 || status == 304) {
      return;
    }
    int length = Integer.parseInt(fields.get("content-length"));
    assertTrue(at + length <= sent.length(), () -> "cut off: " + sent);
    String body = sent.substring(at, at + length);
    at += length;
    checkBody(status, fields, body);
  }

  private void checkBody(int status, Map<String, String> fields, String body) {
    String range = fields.get("content-range");
    if (status == 200) {
      assertTrue(body.equals(content) || body.isEmpty(), "another file");
    } else if (status == 206 && range != null) {
      assertEquals(slice(range), body, range);
    } else if (status == 206) {
      assertEquals("multipart/byteranges; boundary=" + BOUNDARY, fields.get("content-type"));
      checkParts(body);
    } else {
      assertEquals("application/problem+json", fields.get("content-type"));
      assertTrue(body.startsWith("{\"status\":" + status + ","), body);
    }
  }

  private void checkParts(String body) {
    int in = 0;
    for (Matcher part = PART.matcher(body); part.region(in, body.length()).lookingAt(); ) {
      String slice = slice(part.group(2));
      in = part.end();
      assertTrue(body.startsWith(slice, in), part.group(2));
      in += slice.length();
    }
    assertEquals("\r\n--" + BOUNDARY + "--\r\n", body.substring(in));
  }

  private String slice(String contentRange) {
    Matcher range = RANGE.matcher(contentRange);
    assertTrue(range.matches(), contentRange);
    assertEquals(content.length(), Integer.parseInt(range.group(3)), contentRange);
    return content.substring(
        Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)) + 1);
  }

  private Matcher next(Pattern pattern) {
    Matcher matcher = pattern.matcher(sent).region(at, sent.length());
    assertTrue(
        matcher.lookingAt(), () -> "expected " + pattern + " and found: " + sent.substring(at));
    at = matcher.end();
    return matcher;
  }
}
