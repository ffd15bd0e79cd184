package oca.server.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** How TLS is spoken, whatever the certificate. Safe on any thread. */
final class TlsSettings {
  /** Forward secret AEAD suites, those that are fastest on processors with AES first. */
  static final List<String> CIPHERS =
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

  private final TlsConfig config;
  private final SslProvider provider;
  private final ApplicationProtocolConfig alpn;

  private TlsSettings(TlsConfig config, SslProvider provider, boolean http2) {
    this.config = config;
    this.provider = provider;
    List<String> offered = new ArrayList<>();
    if (http2) {
      offered.add(ApplicationProtocolNames.HTTP_2);
    }
    offered.add(ApplicationProtocolNames.HTTP_1_1);
    this.alpn =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            offered);
  }

  /**
   * The settings for a configuration.
   *
   * @throws IOException when its provider is not there
   */
  static TlsSettings of(TlsConfig config, boolean http2) throws IOException {
    return switch (config.provider()) {
      case JDK -> new TlsSettings(config, SslProvider.JDK, http2);
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          Throwable cause = OpenSsl.unavailabilityCause();
          throw new IOException(
              "BoringSSL cannot be used here; set tls.provider to jdk to do without: " + cause,
              cause);
        }
        yield new TlsSettings(config, SslProvider.OPENSSL_REFCNT, http2);
      }
    };
  }

  /** What connections with this certificate are made by; to be released when it is replaced. */
  SslContext context(PemIdentity identity) throws IOException {
    List<String> wanted = config.ciphers().isEmpty() ? CIPHERS : config.ciphers();
    try {
      SslContext context =
          SslContextBuilder.forServer(identity.key(), identity.chain())
              .sslProvider(provider)
              .protocols(config.protocols().stream().map(TlsConfig.Protocol::label).toList())
              .ciphers(wanted, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(alpn)
              .build();
      check(config.ciphers(), context.cipherSuites());
      bound(context);
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException(
          "TLS cannot be set up with " + config.certificates() + ": " + e.getMessage(), e);
    }
  }

  /** A suite that is quietly left out would be one that its operator believes in. */
  private static void check(List<String> wanted, List<String> known) {
    for (String name : wanted) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("the suite " + name + " is not known; one of " + known);
      }
    }
  }

  /** Sessions are kept by clients, in tickets; none here. */
  private void bound(SslContext context) {
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setSessionCacheEnabled(false);
      sessions.setSessionTimeout((int) config.ticketRotation().toSeconds());
    }
  }

  SslHandler handler(SslContext context, ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    SSLEngine engine = handler.engine();
    if (!config.tickets() && engine instanceof ReferenceCountedOpenSslEngine open) {
      SSL.setOptions(open.sslPointer(), SSL.SSL_OP_NO_TICKET);
    }
    handler.setHandshakeTimeoutMillis(config.handshakeTimeout().toMillis());
    return handler;
  }
}
