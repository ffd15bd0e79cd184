package oca.steering;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.protocol.http.ControlCredentials;

/**
 * What a node that starts cold begins with, and what it gives others.
 *
 * @param file where all that this node answers from is kept; nowhere when not given
 * @param interval between two times that it is written
 * @param from base URIs of other steering nodes, asked for theirs when this one starts; the first
 *     that answers counts
 * @param patience how long a start waits for them, before it takes the file
 * @param limit of a snapshot; a longer one is neither made nor read
 * @param readers nodes that are given one at the same time; others are told to come again
 * @param credentials shown to other nodes
 */
public record ReplicaConfig(
    Optional<Path> file,
    @Default("10s") Duration interval,
    @Default("[]") List<URI> from,
    @Default("3s") Duration patience,
    @Default("128MiB") ByteSize limit,
    @Default("2") int readers,
    @Default("{}") ControlCredentials credentials) {

  public ReplicaConfig {
    require(interval.toMillis() > 0, "replica.interval must be 1ms or more");
    require(patience.toMillis() > 0, "replica.patience must be 1ms or more");
    require(
        limit.bytes() > 0 && limit.bytes() <= 256 << 20,
        "replica.limit must be above 0B and not above 256MiB");
    require(readers > 0, "replica.readers must be above 0");
    require(from.size() <= 16, "replica.from has 16 nodes at the most");
    for (URI node : from) {
      require(
          node.getHost() != null
              && ("http".equals(node.getScheme()) || "https".equals(node.getScheme()))
              && node.getRawQuery() == null,
          "replica.from must be absolute http or https URIs without a query: " + node);
    }
    from = List.copyOf(from);
  }

  /** Where a node gives its snapshot. */
  static URI snapshotOf(URI node) {
    String base = node.toString();
    return URI.create(base.endsWith("/") ? base + "v1/snapshot" : base + "/v1/snapshot");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
