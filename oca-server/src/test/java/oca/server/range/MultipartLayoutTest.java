package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import oca.model.ByteRange;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110, sections 14.6 and 15.3.7.2. */
class MultipartLayoutTest {
  private static final String BOUNDARY = "THIS_STRING_SEPARATES";

  private static Representation file(long length) {
    return Representation.of("ab".repeat(32), length, 784_111_777L, "video/mp4");
  }

  /** The body as a sender writes it. */
  private static byte[] written(MultipartLayout layout, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (MultipartLayout.Section section : layout.sections()) {
      out.writeBytes(section.preamble());
      int first = (int) section.range().first();
      out.write(content, first, (int) section.range().length());
    }
    out.writeBytes(layout.closing());
    return out.toByteArray();
  }

  @Test
  void of_twoRanges_isTheRfcsExample() {
    byte[] content = new byte[8000];
    Arrays.fill(content, (byte) '.');
    MultipartLayout layout =
        MultipartLayout.of(
            List.of(new ByteRange(500, 509), new ByteRange(7000, 7009)), file(8000), BOUNDARY);
    assertEquals(
        """
        --THIS_STRING_SEPARATES
        Content-Type: video/mp4
        Content-Range: bytes 500-509/8000

        ..........
        --THIS_STRING_SEPARATES
        Content-Type: video/mp4
        Content-Range: bytes 7000-7009/8000

        ..........
        --THIS_STRING_SEPARATES--
        """
            .replace("\n", "\r\n"),
        new String(written(layout, content), StandardCharsets.US_ASCII));
    assertEquals("multipart/byteranges; boundary=THIS_STRING_SEPARATES", layout.contentType());
  }

  @Test
  void of_hugeFile_countsInLongs() {
    MultipartLayout layout =
        MultipartLayout.of(
            List.of(new ByteRange(0, 0), new ByteRange(1L << 33, (1L << 34) - 1)),
            file(1L << 34),
            "b");
    assertTrue(layout.contentLength() > 1L << 33);
    assertThrows(
        ArithmeticException.class,
        () ->
            MultipartLayout.of(
                List.of(new ByteRange(0, Long.MAX_VALUE - 1), new ByteRange(0, 1)),
                file(Long.MAX_VALUE),
                "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nb", "\"a\"", "a;b", "\u00e9"})
  void of_boundaryThatNeedsQuotes_isRefused(String boundary) {
    List<ByteRange> ranges = List.of(new ByteRange(0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> MultipartLayout.of(ranges, file(9), boundary));
  }

  @Test
  void of_rangesOrBoundaryOutOfBounds_areRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> MultipartLayout.of(List.of(new ByteRange(0, 9)), file(9), BOUNDARY));
    assertThrows(
        IllegalArgumentException.class, () -> MultipartLayout.of(List.of(), file(9), BOUNDARY));
    assertThrows(
        IllegalArgumentException.class,
        () -> MultipartLayout.of(List.of(new ByteRange(0, 1)), file(9), "x".repeat(71)));
  }

  /** From the field to the bytes a client puts together, read by a parser of its own. */
  @Property
  void written_anyRanges_areTheBytesAskedForAndAsManyAsSaid(
      @ForAll("fields") String field,
      @ForAll @IntRange(min = 1, max = 3000) int length,
      @ForAll Random random) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    ContentRequest request =
        new ContentRequest(Method.GET, "a", field, null, null, null, null, null);
    Reply reply = ReplyPlanner.plan(request, file(length), 8);
    if (!(reply instanceof Reply.Parts(List<ByteRange> ranges))) {
      return;
    }
    MultipartLayout layout = MultipartLayout.of(ranges, file(length), BOUNDARY);
    byte[] body = written(layout, content);
    assertEquals(body.length, layout.contentLength());
    assertEquals(ranges, parsed(body, content));
  }

  @Provide
  Arbitrary<String> fields() {
    Arbitrary<String> member =
        Combinators.combine(
                Arbitraries.integers().between(0, 3000), Arbitraries.integers().between(0, 120))
            .as((first, more) -> first + "-" + (first + more));
    return member
        .list()
        .ofMinSize(2)
        .ofMaxSize(8)
        .map(list -> list.stream().collect(Collectors.joining(",", "bytes=", "")));
  }

  /** The ranges in a body, each checked to carry the content's bytes. */
  private static List<ByteRange> parsed(byte[] body, byte[] content) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    List<ByteRange> ranges = new ArrayList<>();
    int at = text.indexOf("--" + BOUNDARY);
    assertEquals(0, at);
    while (!text.startsWith("--" + BOUNDARY + "--\r\n", at)) {
      int bytes = text.indexOf("\r\n\r\n", at) + 4;
      String head = text.substring(at, bytes);
      int contentRange = head.indexOf("Content-Range: bytes ") + 21;
      String[] numbers =
          head.substring(contentRange, head.indexOf("\r\n", contentRange)).split("[-/]", -1);
      ByteRange range = new ByteRange(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
      assertEquals(content.length, Integer.parseInt(numbers[2]));
      assertArrayEquals(
          Arrays.copyOfRange(content, (int) range.first(), (int) range.last() + 1),
          Arrays.copyOfRange(body, bytes, bytes + (int) range.length()));
      ranges.add(range);
      at = bytes + (int) range.length();
      assertTrue(text.startsWith("\r\n--" + BOUNDARY, at), "a delimiter behind " + range);
      at += 2;
    }
    assertEquals(text.length(), at + BOUNDARY.length() + 6);
    return ranges;
  }
}
