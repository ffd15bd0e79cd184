package oca.server.fill.s3;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The buckets that this appliance may fetch from. Any thread; may read a credentials file.
 *
 * <p>Each request is signed by itself, its range with it, so that a request that was overheard asks
 * for nothing else and is of no use after a quarter of an hour.
 */
public final class S3Origins {
  /** The scheme of a source in a bucket. */
  public static final String SCHEME = "s3";

  private record Bucket(S3Config config, @Nullable S3Credentials credentials) {}

  private final Map<String, Bucket> buckets = new HashMap<>();
  private final InstantSource clock;

  /**
   * Knows these buckets.
   *
   * @param clock the wall clock; stores refuse what is signed a quarter of an hour off theirs
   * @throws IllegalArgumentException when one is named twice
   */
  public S3Origins(List<S3Config> configs, InstantSource clock) {
    this.clock = clock;
    for (S3Config config : configs) {
      S3Credentials credentials = config.credentials().map(S3Credentials::new).orElse(null);
      if (buckets.put(config.bucket(), new Bucket(config, credentials)) != null) {
        throw new IllegalArgumentException("the bucket " + config.bucket() + " is listed twice");
      }
    }
  }

  /**
   * A request to send.
   *
   * @param uri where to
   * @param headers to send with it, {@code Range} among them if there is one; without {@code Host}
   */
  public record Signed(URI uri, Map<String, String> headers) {}

  /** Whether a source is in a bucket. */
  public static boolean isS3(URI source) {
    return SCHEME.equals(source.getScheme());
  }

  /**
   * The request for a source in a bucket.
   *
   * @param method GET or HEAD
   * @param range as {@code bytes=0-9}; null for all
   * @throws IOException when the bucket is not configured, or its credentials cannot be read
   */
  public Signed ask(String method, URI source, @Nullable String range) throws IOException {
    String name = String.valueOf(source.getRawAuthority());
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw new IOException("the bucket " + name + " is not in fill.s3 of this appliance");
    }
    S3Config config = bucket.config();
    String key = String.valueOf(source.getPath());
    String path =
        S3Signature.encodedPath(
            switch (config.addressing()) {
              case PATH -> "/" + name + key;
              case VIRTUAL -> key;
            });
    URI uri = URI.create(config.base() + path);
    Map<String, String> headers = new TreeMap<>();
    if (range != null) {
      headers.put("Range", range);
    }
    S3Credentials credentials = bucket.credentials();
    if (credentials != null) {
      Map<String, String> signed = new TreeMap<>(headers);
      signed.put("Host", host(uri));
      headers.putAll(
          S3Signature.headers(
              new S3Signature.Question(method, path, "", signed, S3Signature.NO_CONTENT),
              credentials.keys(),
              config.region(),
              clock.instant()));
    }
    return new Signed(uri, headers);
  }

  /**
   * What a refusal means, a clause.
   *
   * @param date of the answer; null when it has none that can be read
   * @param region that the store names as the bucket's; null when it names none
   * @param body the beginning of the answer's content
   */
  public String why(int status, @Nullable Instant date, @Nullable String region, String body) {
    return S3Refusal.why(status, clock.instant(), date, region, body);
  }

  /** As the HTTP client writes it: a port that belongs to the scheme is left out. */
  private static String host(URI uri) {
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    return uri.getPort() < 0 || uri.getPort() == usual
        ? uri.getHost()
        : uri.getHost() + ":" + uri.getPort();
  }
}
