package oca.protocol.http;

import java.nio.file.Path;
import java.util.Optional;
import oca.config.Default;

/**
 * How a listener speaks TLS 1.2 and 1.3.
 *
 * @param certificates a PEM file: the listener's certificate first, then those that lead to its
 *     root
 * @param key a PEM file with the certificate's private key in PKCS #8, not encrypted
 * @param clientCertificates a PEM file of the authorities whose certificates clients may show;
 *     absent, none is asked for. A client that shows none is let in: a {@link Gate} decides what it
 *     may do
 * @param provider whose code encrypts
 */
public record ListenerTls(
    Path certificates,
    Path key,
    Optional<Path> clientCertificates,
    @Default("boringssl") Provider provider) {

  /** Whose code encrypts. Never chosen by chance: the one asked for is there, or nothing starts. */
  public enum Provider {
    /** BoringSSL through netty-tcnative. */
    BORINGSSL,
    /** The JDK's own, where there is no native library for the machine. */
    JDK
  }
}
