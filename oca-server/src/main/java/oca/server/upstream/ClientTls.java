package oca.server.upstream;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;
import oca.protocol.pem.PemFile;

/** How TLS is spoken to upstreams. Reads files, at the start only. */
final class ClientTls {
  /** Forward secret AEAD suites. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private ClientTls() {}

  /**
   * What connections are made by; to be released.
   *
   * @throws IOException when the provider, or the file of trusted certificates, is not fit
   */
  static SslContext context(UpstreamTlsConfig config) throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(provider(config))
            .protocols(config.protocols().stream().map(UpstreamTlsConfig.Protocol::label).toList())
            .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .endpointIdentificationAlgorithm("HTTPS");
    if (config.trust().isPresent()) {
      builder.trustManager(PemFile.certificates(config.trust().get()));
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException("TLS to upstreams cannot be set up: " + e.getMessage(), e);
    }
  }

  private static SslProvider provider(UpstreamTlsConfig config) throws IOException {
    return switch (config.provider()) {
      case JDK -> SslProvider.JDK;
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          Throwable cause = OpenSsl.unavailabilityCause();
          throw new IOException(
              "BoringSSL cannot be used here; set tls.provider of the upstreams to jdk to do"
                  + " without: "
                  + cause,
              cause);
        }
        yield SslProvider.OPENSSL_REFCNT;
      }
    };
  }
}
