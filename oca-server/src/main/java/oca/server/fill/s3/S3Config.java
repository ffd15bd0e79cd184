package oca.server.fill.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import oca.config.Default;

/**
 * A bucket from which files are fetched whose sources are {@code s3://BUCKET/...}.
 *
 * @param bucket its name
 * @param region for the signature; a store that knows no regions takes the default
 * @param endpoint of the store, without the bucket; without it Amazon's of that region
 * @param addressing where the bucket's name stands
 * @param credentials a file in the form of {@code ~/.aws/credentials}, of which the first section
 *     counts: {@code aws_access_key_id}, {@code aws_secret_access_key} and, if there is one, {@code
 *     aws_session_token}. Read again when it has changed
 * @param unsigned for a bucket that everybody may read: nothing is signed
 */
public record S3Config(
    String bucket,
    @Default("us-east-1") String region,
    Optional<URI> endpoint,
    @Default("path") Addressing addressing,
    Optional<Path> credentials,
    @Default("false") boolean unsigned) {

  /** Where the bucket's name stands. */
  public enum Addressing {
    /** {@code https://store/BUCKET/KEY}. */
    PATH,
    /** {@code https://BUCKET.store/KEY}. */
    VIRTUAL
  }

  public S3Config {
    if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
      throw new IllegalArgumentException(
          "bucket must be 3 to 63 of a-z 0-9 . -, not \"" + bucket + "\"");
    }
    if (!region.matches("[a-zA-Z0-9-]{1,64}")) {
      throw new IllegalArgumentException(
          "region must be 1 to 64 letters, digits and hyphens, not \"" + region + "\"");
    }
    if (endpoint.isPresent() && !isEndpoint(endpoint.get())) {
      throw new IllegalArgumentException(
          "endpoint must be as https://s3.example.com or http://10.0.0.1:9000, not "
              + endpoint.get());
    }
    if (credentials.isPresent() == unsigned) {
      throw new IllegalArgumentException(
          "give the bucket " + bucket + " either credentials or unsigned: true");
    }
  }

  private static boolean isEndpoint(URI uri) {
    return uri.getHost() != null
        && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
  }

  /** Scheme, host and port of the store, the bucket's name among them if it belongs there. */
  String base() {
    URI store = endpoint.orElse(URI.create("https://s3." + region + ".amazonaws.com"));
    String port = store.getPort() < 0 ? "" : ":" + store.getPort();
    String host =
        switch (addressing) {
          case PATH -> store.getHost();
          case VIRTUAL -> bucket + "." + store.getHost();
        };
    return store.getScheme() + "://" + host + port;
  }
}
