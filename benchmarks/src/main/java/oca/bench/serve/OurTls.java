package oca.bench.serve;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import oca.server.http.HttpConfig;
import org.jspecify.annotations.Nullable;

/** The one place that knows how our listener is told to serve TLS. */
final class OurTls {
  private OurTls() {}

  /** Why TLS of ours cannot be measured, or nothing when it can. */
  static Optional<String> missing() {
    return Arrays.stream(HttpConfig.class.getRecordComponents())
            .anyMatch(component -> component.getName().equals("tls"))
        ? Optional.empty()
        : Optional.of("not compared: this build's HttpConfig has no tls option");
  }

  /**
   * The lines of the listener's configuration; none for cleartext. BoringSSL cannot be told which
   * suite of TLS 1.3 to use, so the client offers no other.
   */
  static String lines(
      @Nullable Path certificate, @Nullable Path privateKey, @Nullable String cipherSuite) {
    if (certificate == null || privateKey == null || cipherSuite == null) {
      return "";
    }
    return """
    tls:
      listen: 127.0.0.1:0
      certificates: %s
      key: %s
      protocols: [tls-1-3]
    """
        .formatted(certificate, privateKey);
  }
}
