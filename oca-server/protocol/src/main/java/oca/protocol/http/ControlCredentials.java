package oca.protocol.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a client of the control plane shows, and whom it believes.
 *
 * @param token a file with a bearer token (RFC 6750), read again after it was refused
 * @param certificates a PEM file: the client's certificate first, then those that lead to its root
 * @param key a PEM file with the certificate's private key in PKCS #8, not encrypted
 * @param authorities a PEM file of the authorities that servers are believed by, instead of those
 *     that Java believes
 */
public record ControlCredentials(
    Optional<Path> token,
    Optional<Path> certificates,
    Optional<Path> key,
    Optional<Path> authorities) {

  /** Shows nothing, and believes whom Java believes. */
  public static final ControlCredentials NONE =
      new ControlCredentials(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public ControlCredentials {
    if (certificates.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "certificates and key belong together; give both, or neither");
    }
  }
}
