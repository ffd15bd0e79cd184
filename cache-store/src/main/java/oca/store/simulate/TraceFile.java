package oca.store.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A trace in lines of {@code time,object,size}.
 *
 * <p>The time is in seconds, with or without a fraction; the object is any text that is not empty
 * and may itself have commas; the size is in bytes. Without a size (one comma) every object counts
 * as 1 byte. A first line that begins with a letter is a header; empty lines mean nothing. Objects
 * are known by 128 bits of a hash. A name that ends in {@code .gz} is unpacked on the way.
 */
public final class TraceFile implements Trace {
  private static final int BUFFER = 1 << 18;
  // Longer than any URL; a file without line ends must not fill the memory.
  private static final int LONGEST_LINE = 1 << 16;
  private static final int SHOWN = 60;

  private final Path file;

  /** Opens nothing yet. */
  public TraceFile(Path file) {
    this.file = file;
  }

  @Override
  public void tell(Sink sink) throws IOException {
    if (!Files.isRegularFile(file) && !Files.exists(file)) {
      throw new TraceException(file + ": no such file");
    }
    try (InputStream in = open()) {
      byte[] buffer = new byte[BUFFER];
      int start = 0;
      int end = 0;
      long line = 1;
      for (boolean more = true; more; ) {
        int read = in.read(buffer, end, buffer.length - end);
        more = read >= 0;
        int from = end;
        end += Math.max(read, 0);
        for (int at = from; at < end; at++) {
          if (buffer[at] == '\n') {
            line(buffer, start, at, line++, sink);
            start = at + 1;
          }
        }
        if (!more && start < end) {
          line(buffer, start, end, line, sink);
        }
        if (end - start > LONGEST_LINE) {
          throw bad(line, "a line of more than " + LONGEST_LINE + " bytes", buffer, start, end);
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
      }
    }
  }

  private InputStream open() throws IOException {
    InputStream in = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in, BUFFER);
    } catch (IOException e) {
      in.close();
      throw new TraceException(
          file + ": not gzip though its name ends in .gz; rename or pack it (" + e + ")");
    }
  }

  private void line(byte[] text, int start, int limit, long line, Sink sink) throws IOException {
    int end = limit > start && text[limit - 1] == '\r' ? limit - 1 : limit;
    if (end == start || (line == 1 && isLetter(text[start]))) {
      return;
    }
    int first = start;
    while (first < end && text[first] != ',') {
      first++;
    }
    int last = end - 1;
    while (last > first && text[last] != ',') {
      last--;
    }
    if (first == end) {
      throw bad(line, "no comma", text, start, end);
    }
    boolean sized = last > first;
    int objectEnd = sized ? last : end;
    if (objectEnd == first + 1) {
      throw bad(line, "no object", text, start, end);
    }
    long seconds = number(text, start, first, true);
    if (seconds < 0) {
      throw bad(line, "the time is not a number of seconds", text, start, end);
    }
    long bytes = sized ? number(text, last + 1, end, false) : 1;
    if (bytes < 0) {
      throw bad(line, "the size is not a number of bytes", text, start, end);
    }
    tell(text, first + 1, objectEnd, seconds, bytes, sink);
  }

  /** Two lanes of multiply and mix (after FNV-1a, and the finalizer of SplitMix64). */
  private static void tell(byte[] text, int from, int to, long seconds, long bytes, Sink sink)
      throws IOException {
    long high = 0xCBF29CE484222325L;
    long low = 0x9E3779B97F4A7C15L;
    for (int i = from; i < to; i++) {
      high = (high ^ (text[i] & 0xFF)) * 0x100000001B3L;
      low = Long.rotateLeft(low + (text[i] & 0xFF), 23) * 0xBF58476D1CE4E5B9L;
    }
    sink.request(seconds, mix(high), mix(low + to - from), bytes);
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The whole part, or -1 when it is no number or too large. */
  private static long number(byte[] text, int from, int to, boolean fraction) {
    long value = 0;
    int at = from;
    for (; at < to && text[at] >= '0' && text[at] <= '9'; at++) {
      if (value > (Long.MAX_VALUE - 9) / 10) {
        return -1;
      }
      value = value * 10 + text[at] - '0';
    }
    boolean digits = at > from;
    if (fraction && at < to && text[at] == '.') {
      int dot = at++;
      while (at < to && text[at] >= '0' && text[at] <= '9') {
        at++;
      }
      digits |= at > dot + 1;
    }
    return digits && at == to ? value : -1;
  }

  private static boolean isLetter(byte character) {
    return (character | 0x20) >= 'a' && (character | 0x20) <= 'z';
  }

  private TraceException bad(long line, String what, byte[] text, int start, int end) {
    String shown =
        new String(text, start, Math.min(end - start, SHOWN), StandardCharsets.UTF_8)
            + (end - start > SHOWN ? "..." : "");
    return new TraceException(
        file + ":" + line + ": " + what + " in \"" + shown + "\"; write time,object,size");
  }
}
