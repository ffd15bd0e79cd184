package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import oca.server.http.RequestContent.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestContentTest {
  private final ContentRoom room = new ContentRoom(() -> 100_000);
  private final HeadInput input = new HeadInput(new HeadParser(10, new KnownPaths(_ -> false)));

  private Progress take(RequestContent content, String text) {
    ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    input.take(bytes);
    Progress progress = content.take(input);
    input.keep();
    return progress;
  }

  private static String text(RequestContent content) {
    ByteBuffer bytes = content.bytes();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return new String(copy, StandardCharsets.ISO_8859_1);
  }

  private RequestContent chunked(int most) {
    return new RequestContent(RequestContent.CHUNKED, most, room);
  }

  @Test
  void length_known_leavesWhatFollows() {
    RequestContent content = new RequestContent(5, 10, room);
    assertEquals(Progress.MORE, take(content, "ab"));
    assertEquals(Progress.WHOLE, take(content, "cdeGET "));
    assertEquals("abcde", text(content));
    assertEquals('G', input.first());
    content.release();
    assertEquals(0, room.taken());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3\r\nabc\r\n0\r\n\r\n",
        "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
        "003\r\nabc\r\n00\r\n\r\n",
        "3;a=\"b\"\r\nabc\r\n0\r\nTrailer: x\r\nOther: y\r\n\r\n",
        "3 ;a\r\nabc\r\n0;b\r\n\r\n"
      })
  void chunks_proper_areReadHoweverTheyCome(String text) {
    for (int split = 0; split <= text.length(); split++) {
      RequestContent content = chunked(100);
      Progress first = take(content, text.substring(0, split));
      assertEquals(split == text.length() ? Progress.WHOLE : Progress.MORE, first);
      if (split < text.length()) {
        assertEquals(Progress.WHOLE, take(content, text.substring(split)));
      }
      assertEquals("abc", text(content));
      assertTrue(input.isEmpty());
      content.release();
    }
    assertEquals(0, room.taken());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "g\r\n",
        "-1\r\n",
        "0x3\r\nabc\r\n",
        "3\nabc\r\n",
        "3\r\nabcd\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "123456789\r\n",
        "3;\u0000\r\nabc",
        "0\r\n\n",
        "0\r\nTrailer: x\n\r\n",
        ";a\r\n"
      })
  void chunks_odd_areMalformed(String text) {
    assertEquals(Progress.MALFORMED, take(chunked(100), text));
  }

  @Test
  void chunks_withEndlessLines_areMalformed() {
    assertEquals(Progress.MALFORMED, take(chunked(100), "3;" + "a".repeat(5000)));
    input.drop();
    assertEquals(Progress.MALFORMED, take(chunked(100), "0\r\n" + "a: b\r\n".repeat(2000)));
  }

  @ParameterizedTest
  @CsvSource({"11, TOO_LARGE", "10, WHOLE"})
  void content_beyondTheMost_isTooLarge(int length, Progress expected) {
    String data = "a".repeat(length);
    assertEquals(expected, take(new RequestContent(length, 10, room), data));
    input.drop();
    String chunk = Integer.toHexString(length) + "\r\n" + data + "\r\n0\r\n\r\n";
    assertEquals(expected, take(chunked(10), chunk));
    ByteBuf frame = Unpooled.copiedBuffer(data, StandardCharsets.ISO_8859_1);
    assertEquals(expected, chunked(10).take(frame, true));
  }

  @Test
  void contents_ofAll_keepToTheirRoom() {
    RequestContent one = new RequestContent(90_000, 90_000, room);
    assertEquals(Progress.WHOLE, take(one, "a".repeat(90_000)));
    assertEquals(
        Progress.NO_ROOM, take(new RequestContent(90_000, 90_000, room), "a".repeat(90_000)));
    input.drop();
    one.release();
    one.release();
    assertEquals(0, room.taken());
    assertFalse(room.take(100_001));
  }

  /** However it is cut into chunks and reads, the same comes out, and what follows stays. */
  @Property
  void chunks_anyCut_giveTheContent(
      @ForAll @StringLength(max = 300) String any,
      @ForAll @Size(max = 8) java.util.List<@IntRange(min = 1, max = 60) Integer> chunks,
      @ForAll @IntRange(min = 1, max = 50) int read) {
    String data = any.replaceAll("[^\u0000-\u00ff]", "x");
    StringBuilder wire = new StringBuilder();
    int at = 0;
    for (int size : chunks) {
      int end = Math.min(data.length(), at + size);
      if (end > at) {
        wire.append(Integer.toHexString(end - at)).append("\r\n");
        wire.append(data, at, end).append("\r\n");
      }
      at = end;
    }
    if (at < data.length()) {
      wire.append(Integer.toHexString(data.length() - at)).append("\r\n");
      wire.append(data, at, data.length()).append("\r\n");
    }
    wire.append("0\r\n\r\n");
    RequestContent content = chunked(1000);
    Progress progress = Progress.MORE;
    for (int from = 0; from < wire.length(); from += read) {
      assertEquals(Progress.MORE, progress);
      progress = take(content, wire.substring(from, Math.min(wire.length(), from + read)));
    }
    assertEquals(Progress.WHOLE, progress);
    assertEquals(data, text(content));
    content.release();
  }
}
