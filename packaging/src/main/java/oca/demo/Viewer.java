package oca.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import oca.model.ByteRange;
import oca.model.Endpoint;
import oca.protocol.Wire;

/**
 * One viewer's network stack: an address of its own, a connection pool of its own. Asks steering
 * and fetches ranges. Blocks; for virtual threads.
 */
public final class Viewer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Steering's answer, as far as a viewer cares. */
  record Steered(List<URI> urls) {}

  private final World.Site home;
  private final Endpoint steering;
  private final HttpClient client;

  /** A viewer at {@code address}, who lives at {@code home}. */
  public Viewer(World.Site home, InetAddress address, Endpoint steering) {
    this.home = home;
    this.steering = steering;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .localAddress(address)
            .connectTimeout(PATIENCE)
            .build();
  }

  public World.Site home() {
    return home;
  }

  /** Where to fetch a file, best first. Asks once more, as players do, when no answer comes. */
  public List<URI> steer(String path) throws IOException, InterruptedException {
    HttpRequest.Builder question = HttpRequest.newBuilder(steering.http("v1/steer?path=" + path));
    HttpResponse<byte[]> answer;
    try {
      answer = send(question);
    } catch (HttpTimeoutException _) {
      answer = send(question);
    }
    if (answer.statusCode() != 200) {
      throw new IOException("steering answered " + answer.statusCode() + " for " + path);
    }
    return Wire.read(answer.body(), Steered.class).urls();
  }

  /** A range of a file, exactly as long as asked for. */
  public byte[] fetch(URI url, ByteRange range) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(url)
                .header("Range", "bytes=" + range.first() + "-" + range.last()));
    if (answer.statusCode() != 206) {
      throw new IOException(url + " answered " + answer.statusCode() + " to a range");
    }
    if (answer.body().length != range.length()) {
      throw new IOException(url + " sent " + answer.body().length + " bytes of " + range.length());
    }
    return answer.body();
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
