package oca.server.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import oca.server.caching.FieldLine;
import oca.server.caching.FieldSection;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field lines of a head that {@link HeadParser} found to be proper.
 *
 * <p>Clients say nearly the same in each request, and many clients the same as each other. So lines
 * are kept that were read lately, in a table of one place for each hash: to make the text of a line
 * and to look at each of its characters costs more than to compare its bytes. On one thread only.
 */
final class FieldReader {
  private static final int PLACES = 512;
  private static final int LONGEST = 512;
  private static final int WORD = Long.BYTES;
  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final @Nullable Known[] places = new Known[PLACES];

  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Known(byte[] bytes, FieldLine line) {}

  /**
   * All lines.
   *
   * @param from of the first line
   * @param end behind the empty line
   */
  FieldSection read(byte[] bytes, int from, int end) {
    List<FieldLine> lines = new ArrayList<>();
    int line = from;
    while (line + 2 < end) {
      int to = line;
      while (bytes[to] != '\r') {
        to++;
      }
      lines.add(line(bytes, line, to));
      line = to + 2;
    }
    return FieldSection.of(lines);
  }

  private FieldLine line(byte[] bytes, int from, int to) {
    if (to - from < WORD || to - from > LONGEST) {
      return make(bytes, from, to);
    }
    int place = place(bytes, from, to);
    Known known = places[place];
    if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, to)) {
      return known.line;
    }
    FieldLine made = make(bytes, from, to);
    places[place] = new Known(Arrays.copyOfRange(bytes, from, to), made);
    return made;
  }

  /** By what lines differ most: how they begin, how they end, and how long they are. */
  private static int place(byte[] bytes, int from, int to) {
    long first = (long) WORDS.get(bytes, from);
    long last = (long) WORDS.get(bytes, to - WORD);
    long mixed = ((first * MIX) ^ last) * MIX + (to - from);
    return (int) ((mixed * MIX) >>> 32) & (PLACES - 1);
  }

  private static FieldLine make(byte[] bytes, int from, int to) {
    int colon = from;
    while (bytes[colon] != ':') {
      colon++;
    }
    return new FieldLine(text(bytes, from, colon), text(bytes, colon + 1, to));
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
