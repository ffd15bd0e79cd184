package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.model.ByteRange;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.s3.S3Origins;
import oca.store.DigestMismatchException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a file still lacks from one place over HTTP/1.1. Blocks: for virtual threads.
 *
 * <p>A gap is asked for with {@code Range: bytes=from-to} and no {@code If-Range} (RFC 9110,
 * section 13.1.5): content never changes under its path, and digests are checked anyway. A source
 * that answers a range with the whole file is read from the start: what is held already is thrown
 * away, and all gaps are filled on the way.
 */
final class FillSource implements AutoCloseable {

  /** How a fetch ended, unless the store failed. */
  sealed interface Fetched {
    /** What was asked for is here, and more perhaps. */
    record Sent() implements Fetched {}

    /** The source is passed over; the reason is a clause. */
    record Failed(String reason) implements Fetched {}

    /** The source has not what was asked for, now; the reason is a clause. */
    record NotHere(String reason) implements Fetched {}

    /**
     * The source has no time for it now; the reason is a clause.
     *
     * @param after how long it wants to be left alone; zero when it does not say so
     */
    record Busy(String reason, Duration after) implements Fetched {}

    /** A block that the source completed is not the published one, and is a gap again. */
    record Wrong(String reason) implements Fetched {}

    /** The worker was told to stop. */
    record Stopped(Verdict verdict) implements Fetched {}
  }

  /** What a fetch asks and tells while it runs. */
  interface Gate {
    /** Whether to go on behind that offset in the file; asked before each read. */
    Verdict verdict(long at);

    /** Told of bytes that came; waits as long as the rate demands. */
    void arrived(int bytes) throws InterruptedException;

    /** The most to read at once now. */
    int chunk();
  }

  /** Of an answer that refuses, so much is read to say why. */
  private static final int MOST_WHY = 16 << 10;

  private final HttpClient client;
  private final Duration stall;
  private final S3Origins s3;
  private final InstantSource clock;

  /**
   * Creates a source that keeps connections.
   *
   * @param connect the longest that connecting may take
   * @param stall the longest wait for the next bytes, the head included
   * @param s3 how sources in buckets are asked
   * @param clock the wall clock
   */
  FillSource(Duration connect, Duration stall, S3Origins s3, InstantSource clock) {
    this.stall = stall;
    this.s3 = s3;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connect)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Fetches from {@code uri} the first gap, or the beginning of it.
   *
   * @param wanted the first gap of {@code missing}, or a part from its beginning
   * @throws IOException when the store fails; a source's failure is a {@link Fetched.Failed}
   */
  Fetched fetch(URI uri, Missing missing, ByteRange wanted, Gate gate)
      throws IOException, InterruptedException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer;
    try {
      answer = ask(uri, wanted, missing.length());
    } catch (IOException e) {
      return new Fetched.Failed(reason(e));
    }
    try (BodyStream body = new BodyStream()) {
      answer.body().subscribe(body);
      return switch (Announced.read(answer, wanted, missing.length())) {
        case Announced.Refused(String reason) ->
            new Fetched.Failed(inFull(uri, answer, body, reason));
        case Announced.NotHere(String reason) ->
            new Fetched.NotHere(inFull(uri, answer, body, reason));
        case Announced.Busy(String reason) ->
            new Fetched.Busy(
                inFull(uri, answer, body, reason),
                RetryAfter.of(answer.headers(), clock.instant()));
        case Announced.Body(ByteRange carried) -> copy(body, carried, missing, gate);
      };
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> ask(URI uri, ByteRange wanted, long length)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> future;
    try {
      String range =
          wanted.length() < length ? "bytes=" + wanted.first() + "-" + wanted.last() : null;
      HttpRequest.Builder request = S3Origins.isS3(uri) ? signed(uri, range) : plain(uri, range);
      request.header("Accept-Encoding", "identity").GET();
      future = client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    } catch (IllegalArgumentException e) {
      throw new IOException("is not a source that can be asked: " + e.getMessage(), e);
    }
    try {
      return future.get(stall.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new IOException("did not answer for " + stall.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    }
  }

  private static HttpRequest.Builder plain(URI uri, @Nullable String range) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    // In the background (RFC 9218): a peer serves its viewers first.
    request.header("Priority", "u=7");
    if (range != null) {
      request.header("Range", range);
    }
    return request;
  }

  private HttpRequest.Builder signed(URI uri, @Nullable String range) throws IOException {
    S3Origins.Signed signed = s3.ask("GET", uri, range);
    HttpRequest.Builder request = HttpRequest.newBuilder(signed.uri());
    signed.headers().forEach(request::header);
    return request;
  }

  /** A refusal with what a bucket's store says of it; others say nothing that is of use. */
  private String inFull(URI uri, HttpResponse<?> answer, BodyStream body, String reason)
      throws InterruptedException {
    if (!S3Origins.isS3(uri) || answer.statusCode() < 300) {
      return reason;
    }
    StringBuilder text = new StringBuilder();
    try {
      ByteBuffer bytes = body.next(MOST_WHY, stall);
      while (bytes != null && text.length() < MOST_WHY) {
        text.append(StandardCharsets.ISO_8859_1.decode(bytes));
        bytes = body.next(MOST_WHY, stall);
      }
    } catch (IOException e) {
      text.append(reason(e));
    }
    return s3.why(
        answer.statusCode(),
        answer.headers().firstValue("Date").map(RetryAfter::date).orElse(null),
        answer.headers().firstValue("x-amz-bucket-region").orElse(null),
        text.toString());
  }

  private Fetched copy(BodyStream body, ByteRange carried, Missing missing, Gate gate)
      throws IOException, InterruptedException {
    long at = carried.first();
    while (at > carried.last() || missing.gap() != null) {
      Verdict verdict = gate.verdict(at);
      if (verdict != Verdict.GO_ON) {
        return new Fetched.Stopped(verdict);
      }
      ByteBuffer bytes;
      try {
        bytes = body.next(gate.chunk(), stall);
      } catch (IOException e) {
        return new Fetched.Failed(reason(e));
      }
      long left = carried.last() + 1 - at;
      if (bytes == null) {
        return left == 0
            ? new Fetched.Sent()
            : new Fetched.Failed("sent " + left + " bytes less than were to come");
      }
      gate.arrived(bytes.remaining());
      if (bytes.remaining() > left) {
        return new Fetched.Failed("sent more bytes than were to come");
      }
      try {
        at = fill(missing, bytes, at);
      } catch (DigestMismatchException e) {
        return new Fetched.Wrong(reason(e));
      }
      ByteRange gap = missing.gap();
      if (gap != null && gap.first() < at) {
        return new Fetched.Wrong("sent bytes that are not the published ones");
      }
    }
    return new Fetched.Sent();
  }

  /**
   * Puts bytes into the gaps where they belong.
   *
   * @param from the offset of the first byte in the file
   * @return the offset behind the last
   */
  private static long fill(Missing missing, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      ByteRange gap = missing.gap();
      long ahead = gap == null ? Long.MAX_VALUE : Math.max(0, gap.first() - at);
      int some;
      if (gap == null || ahead > 0) {
        some = (int) Math.min(ahead, bytes.remaining());
      } else if (gap.first() < at) {
        some = bytes.remaining(); // A block was refused: this body has nothing for it any more.
      } else {
        some = (int) Math.min(gap.length(), bytes.remaining());
        missing.append(bytes.slice(bytes.position(), some));
      }
      bytes.position(bytes.position() + some);
      at += some;
    }
    return at;
  }

  private static String reason(IOException e) {
    return String.valueOf(e.getMessage());
  }
}
