package oca.protocol.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;
import oca.protocol.pem.PemFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What new connections are encrypted with, and how that is replaced while others go on: a
 * connection keeps what it began with. Safe on any thread.
 */
final class TlsContext implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TlsContext.class);

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

  private final ListenerTls config;
  private volatile SslContext current;

  private TlsContext(ListenerTls config, SslContext first) {
    this.config = config;
    this.current = first;
  }

  /**
   * Reads the files.
   *
   * @throws IOException when one is not fit, or the provider is not there
   */
  static TlsContext open(ListenerTls config) throws IOException {
    return new TlsContext(config, read(config));
  }

  /**
   * Reads the files again, for connections that begin from now on.
   *
   * @throws IOException when one is not fit; all stays as it was then
   */
  synchronized void reload() throws IOException {
    SslContext replaced = current;
    current = read(config);
    ReferenceCountUtil.release(replaced);
    log.info("{} was read again", config.certificates());
  }

  /** The handler of a new connection. */
  SslHandler handler(ByteBufAllocator allocator) {
    for (; ; ) {
      SslContext context = current;
      try {
        ReferenceCountUtil.retain(context);
      } catch (IllegalReferenceCountException _) {
        continue; // replaced just now, and `current` is the one that replaced it
      }
      try {
        return context.newHandler(allocator);
      } finally {
        ReferenceCountUtil.release(context);
      }
    }
  }

  @Override
  public void close() {
    ReferenceCountUtil.release(current);
  }

  private static SslContext read(ListenerTls config) throws IOException {
    SslProvider provider = provider(config.provider());
    PemFile.Identity identity = PemFile.identity(config.certificates(), config.key());
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(identity.key(), identity.chain())
              .sslProvider(provider)
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
      if (config.clientCertificates().isPresent()) {
        builder
            .trustManager(PemFile.certificates(config.clientCertificates().get()))
            .clientAuth(ClientAuth.OPTIONAL);
      }
      SslContext context = builder.build();
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        // Clients keep their sessions, in tickets that only this context reads: after a reload
        // nobody is let in by an authority that was taken out.
        sessions.setSessionCacheEnabled(false);
      }
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException(
          "TLS cannot be set up with " + config.certificates() + ": " + e.getMessage(), e);
    }
  }

  private static SslProvider provider(ListenerTls.Provider wanted) throws IOException {
    return switch (wanted) {
      case JDK -> SslProvider.JDK;
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          Throwable cause = OpenSsl.unavailabilityCause();
          throw new IOException(
              "BoringSSL cannot be used here; set tls.provider to jdk to do without: " + cause,
              cause);
        }
        yield SslProvider.OPENSSL_REFCNT;
      }
    };
  }
}
