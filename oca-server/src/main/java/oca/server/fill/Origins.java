package oca.server.fill;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import oca.model.Endpoint;
import oca.protocol.FillReport.Source;
import oca.server.fill.s3.S3Origins;

/** Tells an origin from a peer by where it listens; a bucket is an origin. */
final class Origins {
  private final Set<Endpoint> endpoints;

  Origins(List<Endpoint> endpoints) {
    this.endpoints =
        endpoints.stream()
            .map(it -> new Endpoint(it.host().toLowerCase(Locale.ROOT), it.port()))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** What kind of source a URI names; what is not a configured origin is a peer. */
  Source kind(URI uri) {
    if (S3Origins.isS3(uri)) {
      return Source.ORIGIN;
    }
    String host = uri.getHost();
    if (host == null) {
      return Source.PEER;
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return endpoints.contains(new Endpoint(plain.toLowerCase(Locale.ROOT), port))
        ? Source.ORIGIN
        : Source.PEER;
  }
}
