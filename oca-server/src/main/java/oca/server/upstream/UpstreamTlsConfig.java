package oca.server.upstream;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.config.Default;

/**
 * How upstreams at https are spoken to. Chain and host name are always checked.
 *
 * @param trust a PEM file of the certificates that are trusted, instead of those that Java trusts
 * @param provider whose code encrypts
 * @param protocols the versions spoken
 */
public record UpstreamTlsConfig(
    Optional<Path> trust,
    @Default("boringssl") Provider provider,
    @Default("[tls-1-3, tls-1-2]") List<Protocol> protocols) {

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

  public UpstreamTlsConfig {
    protocols = List.copyOf(protocols);
    if (protocols.isEmpty() || Set.copyOf(protocols).size() < protocols.size()) {
      throw new IllegalArgumentException("protocols must name one or two versions, each once");
    }
  }
}
