package oca.bench.pull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.bench.serve.MadeBytes;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the origin, by a virtual thread of its own: one request after the other.
 *
 * <p>There are {@code /p/o/NUMBER/LENGTH}, objects of {@link Noise}; {@code /p/made/LENGTH}, of
 * {@link MadeBytes}; {@code /p/live/NUMBER}, a segment of a live event; and nothing else.
 */
final class OriginLine implements Runnable {
  private static final int HEAD_BYTES = 16 << 10;
  private static final int PIECE = 64 << 10;
  private static final Pattern TARGET =
      Pattern.compile("GET /p/(o|made|live)/(\\d{1,12})(?:/(\\d{1,12}))? HTTP/1\\.1");
  private static final Pattern RANGE =
      Pattern.compile("\\r\\nRange: bytes=(\\d{1,12})-(\\d{0,12})\\r\\n", Pattern.CASE_INSENSITIVE);

  private final SocketChannel channel;
  private final Shelf shelf;
  private final OriginRules rules;
  private final Throttle throttle;
  private final Noise noise;
  private final ByteBuffer in = ByteBuffer.allocate(HEAD_BYTES);
  private final ByteBuffer out = ByteBuffer.allocateDirect(PIECE);

  OriginLine(
      SocketChannel channel, Shelf shelf, OriginRules rules, Throttle throttle, Noise noise) {
    this.channel = channel;
    this.shelf = shelf;
    this.rules = rules;
    this.throttle = throttle;
    this.noise = noise;
  }

  /** What is asked for: of noise, or of made bytes when the number is negative. */
  private record Wanted(long object, long length) {}

  @Override
  public void run() {
    try (channel) {
      for (String head = head(); head != null; head = head()) {
        answer(head);
      }
    } catch (IOException e) {
      shelf.faults.incrementAndGet(); // such as a server under test that gives up
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next request's head; null when there is none. */
  private @Nullable String head() throws IOException {
    in.clear();
    while (channel.read(in) >= 0) {
      String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
      if (text.endsWith("\r\n\r\n")) {
        return text;
      }
      if (!in.hasRemaining()) {
        throw new IOException("a head of more than " + HEAD_BYTES + " bytes");
      }
    }
    return null;
  }

  private void answer(String head) throws IOException, InterruptedException {
    Matcher target = TARGET.matcher(head);
    if (!target.lookingAt()) {
      shelf.absent.incrementAndGet();
      missing();
      return;
    }
    long first = Long.parseLong(target.group(2));
    switch (target.group(1)) {
      case "live" -> live(first, head);
      case "made" -> {
        shelf.objects.incrementAndGet();
        send(new Wanted(-1, first), head);
      }
      default -> {
        shelf.objects.incrementAndGet();
        send(new Wanted(first, Long.parseLong(target.group(3))), head);
      }
    }
  }

  private void live(long segment, String head) throws IOException, InterruptedException {
    if (segment >= Shelf.NEVER) {
      shelf.absent.incrementAndGet();
      missing();
      return;
    }
    shelf.live.incrementAndGet();
    if (!shelf.isPublished(segment)) {
      if (!rules.holds()) {
        shelf.tooEarly.incrementAndGet();
        missing();
        return;
      }
      shelf.await(segment);
    }
    send(new Wanted(Shelf.LIVE + segment, rules.segmentBytes()), head);
  }

  private void missing() throws IOException {
    write(
        """
        HTTP/1.1 404 Not Found\r
        Content-Length: 0\r
        Cache-Control: %s\r
        \r
        """
            .formatted(rules.missing()));
  }

  private void send(Wanted wanted, String head) throws IOException {
    Matcher range = RANGE.matcher(head);
    long length = wanted.length();
    long from = 0;
    long to = length;
    boolean isPart = range.find();
    if (isPart) {
      from = Long.parseLong(range.group(1));
      to = range.group(2).isEmpty() ? length : Math.min(length, Long.parseLong(range.group(2)) + 1);
    }
    if (from >= to) {
      write(
          """
          HTTP/1.1 416 Range Not Satisfiable\r
          Content-Length: 0\r
          Content-Range: bytes */%d\r
          \r
          """
              .formatted(length));
      return;
    }
    Ledger ledger = shelf.ledger(wanted.object(), length);
    ledger.begins(System.nanoTime());
    write(
        """
        HTTP/1.1 %s\r
        Content-Length: %d\r
        %sContent-Type: video/mp4\r
        Accept-Ranges: bytes\r
        ETag: "%d-%d"\r
        Cache-Control: public, max-age=3600\r
        \r
        """
            .formatted(
                isPart ? "206 Partial Content" : "200 OK",
                to - from,
                isPart ? "Content-Range: bytes %d-%d/%d\r\n".formatted(from, to - 1, length) : "",
                wanted.object(),
                length));
    body(wanted.object(), ledger, from, to);
  }

  private void body(long object, Ledger ledger, long from, long to) throws IOException {
    for (long at = from; at < to; ) {
      int count = (int) Math.min(PIECE, to - at);
      fill(object, at, count);
      throttle.take(count);
      while (out.hasRemaining()) {
        int wrote = channel.write(out);
        ledger.wrote(at, at + wrote, System.nanoTime());
        shelf.bytes.addAndGet(wrote);
        at += wrote;
      }
    }
  }

  private void fill(long object, long at, int count) {
    out.clear();
    if (object >= 0) {
      out.limit(count);
      noise.fill(out, object, at);
      out.flip();
      return;
    }
    int before = (int) (at & 7); // made bytes come in whole words
    out.limit(Math.min(PIECE, (before + count + 7) & ~7));
    MadeBytes.fill(out, at - before);
    out.position(before).limit(Math.min(before + count, out.limit()));
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
