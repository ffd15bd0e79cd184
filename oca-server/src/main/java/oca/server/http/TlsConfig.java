package oca.server.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import oca.config.Default;
import oca.model.Endpoint;

/**
 * How files are served over TLS, on an address of its own.
 *
 * @param listen where
 * @param certificates a PEM file: the server's certificate first, then those that lead to its root
 * @param key a PEM file with the certificate's private key in PKCS #8, not encrypted. A key on a
 *     curve signs some ten times faster than RSA, on the event loop
 * @param provider whose code encrypts
 * @param protocols the versions spoken
 * @param ciphers suites by their registered names, the best first; none for a list of forward
 *     secret AEAD suites. BoringSSL always takes all three suites of TLS 1.3, in its own order
 * @param reloadInterval how often both files are looked at; 0 for only when told to
 * @param handshakeTimeout for a handshake, from a connection's first moment on
 * @param tickets whether sessions are resumed, by tickets that only this process can read; with
 *     none, each connection costs a whole handshake. The JDK's provider keeps its own counsel
 * @param ticketRotation how long a ticket key makes tickets, and after that still reads them
 */
public record TlsConfig(
    @Default("127.0.0.1:8443") Endpoint listen,
    Path certificates,
    Path key,
    @Default("boringssl") Provider provider,
    @Default("[tls-1-3, tls-1-2]") List<Protocol> protocols,
    List<String> ciphers,
    @Default("1min") Duration reloadInterval,
    @Default("10s") Duration handshakeTimeout,
    @Default("true") boolean tickets,
    @Default("12h") Duration ticketRotation) {

  /** Whose code encrypts. Never chosen by chance: the one asked for is there, or nothing starts. */
  public enum Provider {
    /** BoringSSL through netty-tcnative: several times faster than the JDK. */
    BORINGSSL,
    /** The JDK's own, where there is no native library for the machine. */
    JDK
  }

  /** Versions of TLS that may still be spoken (RFC 8996 put the others away). */
  public enum Protocol {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String label;

    Protocol(String label) {
      this.label = label;
    }

    /** As providers call it. */
    String label() {
      return label;
    }
  }

  public TlsConfig {
    protocols = List.copyOf(protocols);
    ciphers = List.copyOf(ciphers);
    if (protocols.isEmpty() || Set.copyOf(protocols).size() < protocols.size()) {
      throw new IllegalArgumentException("protocols must name one or two versions, each once");
    }
    HttpConfig.within("reloadInterval in ms", reloadInterval.toMillis(), 0, 86_400_000);
    HttpConfig.within("handshakeTimeout in ms", handshakeTimeout.toMillis(), 10, 600_000);
    HttpConfig.within("ticketRotation in s", ticketRotation.toSeconds(), 60, 7 * 86_400);
  }
}
