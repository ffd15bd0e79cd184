package oca.protocol.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to the control plane and waits for the answer. Blocks: for virtual threads, never
 * for an event loop. Safe on any thread.
 *
 * <p>A failure is one {@link IOException} that names the resource and what was answered. Nothing is
 * retried here; the caller knows what a retry would mean.
 */
public final class ControlClient implements AutoCloseable {
  private static final long MAX_ANSWER = 256L << 20;

  private final Duration timeout;
  private final ControlCredentials credentials;
  private volatile HttpClient client;
  private volatile Optional<String> authorization = Optional.empty();

  /**
   * Creates a client that shows nothing.
   *
   * @param timeout for connecting, and again for each whole exchange
   */
  public ControlClient(Duration timeout) {
    this.timeout = timeout;
    this.credentials = ControlCredentials.NONE;
    this.client = builder(timeout).build();
  }

  /**
   * Creates a client with credentials, which it shows to whomever it is sent to: for one's own
   * control plane only.
   *
   * @param timeout for connecting, and again for each whole exchange
   * @throws IOException when a file of theirs is not fit; the message names it
   */
  public ControlClient(Duration timeout, ControlCredentials credentials) throws IOException {
    this.timeout = timeout;
    this.credentials = credentials;
    this.authorization = ClientIdentity.authorization(credentials);
    this.client = build(timeout, credentials);
  }

  /**
   * Reads the credentials again, for exchanges that begin from now on.
   *
   * @throws IOException when a file is not fit; all stays as it was then
   */
  public synchronized void reload() throws IOException {
    Optional<String> read = ClientIdentity.authorization(credentials);
    if (credentials.certificates().isPresent() || credentials.authorities().isPresent()) {
      HttpClient replaced = client;
      client = build(timeout, credentials);
      replaced.shutdown();
    }
    authorization = read;
  }

  /**
   * A resource and the validator it came with.
   *
   * @param etag as sent, or null when there was none
   */
  public record Versioned<T>(T message, @Nullable String etag) {}

  /** Reads a message. */
  public <T> T get(URI uri, Class<T> type) throws IOException {
    return getIfChanged(uri, null, type)
        .orElseThrow(() -> new IOException("GET " + uri + ": 304 without a condition"))
        .message();
  }

  /** Reads a message unless it still has that ETag; empty when it has. */
  public <T> Optional<Versioned<T>> getIfChanged(URI uri, @Nullable String etag, Class<T> type)
      throws IOException {
    HttpRequest.Builder request = asked(uri, timeout).GET();
    if (etag != null) {
      request.header("If-None-Match", etag);
    }
    HttpResponse<byte[]> answer = send(request.build());
    if (answer.statusCode() == 304) {
      return Optional.empty();
    }
    T message = Wire.read(require2xx(answer), type);
    return Optional.of(new Versioned<>(message, answer.headers().firstValue("ETag").orElse(null)));
  }

  /**
   * Reads a message unless it still has that ETag; a server that has it by what changed since may
   * answer with that instead.
   *
   * @param manipulation the name of such deltas (RFC 3229, section 10.5.3)
   */
  public <T, D> Asked<T, D> ask(
      URI uri, @Nullable String etag, Class<T> whole, Class<D> delta, String manipulation)
      throws IOException {
    HttpRequest.Builder request = asked(uri, timeout).GET();
    if (etag != null) {
      request.header("If-None-Match", etag).header("A-IM", manipulation);
    }
    HttpResponse<byte[]> answer = send(request.build());
    String now = answer.headers().firstValue("ETag").orElse(null);
    if (answer.statusCode() == 304) {
      return new Asked.Same<>();
    }
    if (answer.statusCode() == 226) {
      if (!answer.headers().firstValue("IM").orElse("").equals(manipulation)) {
        throw new IOException("GET " + uri + ": 226 of another kind than " + manipulation);
      }
      return new Asked.Delta<>(Wire.read(answer.body(), delta), now);
    }
    return new Asked.Whole<>(Wire.read(require2xx(answer), whole), now);
  }

  /**
   * Bytes, and how old they are.
   *
   * @param age by the Age field (RFC 9111, section 5.1), in whole seconds; zero without one
   */
  public record Aged(byte[] bytes, Duration age) {}

  /** Reads bytes. */
  public Aged getBytes(URI uri) throws IOException {
    HttpResponse<byte[]> answer = send(asked(uri, timeout).GET().build());
    byte[] bytes = require2xx(answer);
    String age = answer.headers().firstValue("Age").orElse("0");
    return new Aged(bytes, Duration.ofSeconds(age.matches("[0-9]{1,9}") ? Long.parseLong(age) : 0));
  }

  /**
   * Posts a message and reads the answer, waiting no longer than given, where that is shorter than
   * what the client was made with: for messages that are of no use any more when they are late.
   */
  public <T> T post(URI uri, Object message, Class<T> answerType, Duration atMost)
      throws IOException {
    Duration wait = atMost.compareTo(timeout) < 0 ? atMost : timeout;
    return Wire.read(require2xx(send(posted(uri, message, wait))), answerType);
  }

  /**
   * Posts a message and reads an answer that may let wait for itself.
   *
   * @param atMost for the exchange, in place of what the client was made with, which holds for
   *     connecting still
   * @throws RedirectedException when somebody else is to be asked
   */
  public <T> T postPatiently(URI uri, Object message, Class<T> answerType, Duration atMost)
      throws IOException {
    return Wire.read(require2xx(send(posted(uri, message, atMost))), answerType);
  }

  /** Posts a message and reads the answer. */
  public <T> T post(URI uri, Object message, Class<T> answerType) throws IOException {
    return Wire.read(post(uri, message), answerType);
  }

  /** Posts a message; the answer's body, which may be empty. */
  public byte[] post(URI uri, Object message) throws IOException {
    return require2xx(send(posted(uri, message, timeout)));
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }

  private static HttpClient.Builder builder(Duration timeout) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(timeout)
        .followRedirects(HttpClient.Redirect.NEVER);
  }

  private static HttpClient build(Duration timeout, ControlCredentials credentials)
      throws IOException {
    HttpClient.Builder builder = builder(timeout);
    ClientIdentity.giveTo(builder, credentials);
    return builder.build();
  }

  private HttpRequest.Builder asked(URI uri, Duration wait) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(wait);
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private HttpRequest posted(URI uri, Object message, Duration wait) {
    return asked(uri, wait)
        .header("Content-Type", Wire.MEDIA_TYPE)
        .POST(BodyPublishers.ofByteArray(Wire.write(message)))
        .build();
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
    try {
      HttpResponse<byte[]> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
      if (answer.statusCode() == 401 && authorization.isPresent()) {
        // It may have been replaced: whoever tries again shows what the file holds now.
        authorization = ClientIdentity.authorization(credentials);
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(request.method() + " " + request.uri() + ": interrupted");
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(request.method() + " " + request.uri() + ": " + why, e);
    }
  }

  private static byte[] require2xx(HttpResponse<byte[]> answer) throws IOException {
    if (answer.statusCode() / 100 == 2) {
      return answer.body();
    }
    byte[] body = answer.body();
    String text = new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
    String what =
        answer.request().method() + " " + answer.uri() + ": " + answer.statusCode() + " " + text;
    Optional<String> location = answer.headers().firstValue("Location");
    if (answer.statusCode() == 307 && location.isPresent()) {
      throw RedirectedException.of(what, answer.uri(), location.get());
    }
    throw new IOException(what);
  }
}
