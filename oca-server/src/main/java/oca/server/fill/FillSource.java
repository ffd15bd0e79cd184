package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.server.fill.FillQueue.Verdict;
import oca.store.FillSession;

/**
 * Fetches what a session still lacks from one place over HTTP/1.1. Blocks: for virtual threads.
 *
 * <p>A session that begins beyond 0 is resumed with {@code Range: bytes=n-} and no {@code If-Range}
 * (RFC 9110, section 13.1.5): content never changes under its path, and the digest is checked over
 * the whole file anyway. A source that answers a range with the whole file is read from the start
 * and the part that is held is thrown away.
 */
final class FillSource implements AutoCloseable {

  /** How a fetch ended, unless the store failed. */
  sealed interface Fetched {
    /** The session has all bytes. */
    record Whole() implements Fetched {}

    /** The source is passed over; the reason is a clause. */
    record Failed(String reason) implements Fetched {}

    /** The worker was told to stop. */
    record Stopped(Verdict verdict) implements Fetched {}
  }

  /** What a fetch asks and tells while it runs. */
  interface Gate {
    /** Whether to go on; asked before each read. */
    Verdict verdict();

    /** Told of bytes that came; waits as long as the rate demands. */
    void arrived(int bytes) throws InterruptedException;

    /** The most to read at once now. */
    int chunk();
  }

  private final HttpClient client;
  private final Duration stall;

  /**
   * Creates a source that keeps connections.
   *
   * @param connect the longest that connecting may take
   * @param stall the longest wait for the next bytes, the head included
   */
  FillSource(Duration connect, Duration stall) {
    this.stall = stall;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(connect)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Fetches from {@code uri} into {@code session} what it lacks.
   *
   * @throws IOException when the store fails; a source's failure is a {@link Fetched.Failed}
   */
  Fetched fetch(URI uri, FillSession session, Gate gate) throws IOException, InterruptedException {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer;
    try {
      answer = ask(uri, session.position());
    } catch (IOException e) {
      return new Fetched.Failed(reason(e));
    }
    try (BodyStream body = new BodyStream()) {
      answer.body().subscribe(body);
      Announced announced = Announced.read(answer, session.position(), session.meta().length());
      return switch (announced) {
        case Announced.Refused refused -> new Fetched.Failed(refused.reason());
        case Announced.Body(long skip) -> copy(body, skip, session, gate);
      };
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  private HttpResponse<Flow.Publisher<List<ByteBuffer>>> ask(URI uri, long position)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> future;
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).header("Accept-Encoding", "identity").GET();
      if (position > 0) {
        request.header("Range", "bytes=" + position + "-");
      }
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

  private Fetched copy(BodyStream body, long skip, FillSession session, Gate gate)
      throws IOException, InterruptedException {
    long toSkip = skip;
    while (true) {
      Verdict verdict = gate.verdict();
      if (verdict != Verdict.GO_ON) {
        return new Fetched.Stopped(verdict);
      }
      ByteBuffer bytes;
      try {
        bytes = body.next(gate.chunk(), stall);
      } catch (IOException e) {
        return new Fetched.Failed(reason(e));
      }
      long missing = session.meta().length() - session.position();
      if (bytes == null) {
        return missing == 0
            ? new Fetched.Whole()
            : new Fetched.Failed("sent " + missing + " bytes less than the file has");
      }
      gate.arrived(bytes.remaining());
      int skipped = (int) Math.min(toSkip, bytes.remaining());
      bytes.position(bytes.position() + skipped);
      toSkip -= skipped;
      if (bytes.remaining() > missing) {
        return new Fetched.Failed("sent more bytes than the file has");
      }
      if (bytes.hasRemaining()) {
        session.append(bytes);
      }
    }
  }

  private static String reason(IOException e) {
    return String.valueOf(e.getMessage());
  }
}
