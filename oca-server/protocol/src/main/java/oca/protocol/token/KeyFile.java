package oca.protocol.token;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import oca.config.ConfigException;
import oca.config.ConfigFile;
import oca.config.Default;

/**
 * A file of keys, as YAML:
 *
 * <pre>
 * keys:
 *   - id: summer
 *     algorithm: hmac-token            # or hmac-state, hs256, es256, rs256
 *     secret: 32 bytes or more, base64url
 *     notBefore: 2026-06-01T00:00:00Z  # may be left out
 *     notAfter: 2026-10-01T00:00:00Z
 *   - id: studio
 *     algorithm: es256
 *     publicKey: MFkwEwYHKoZIzj0CAQ... # X.509 SubjectPublicKeyInfo, PEM or its base64
 *     notAfter: 2027-01-01T00:00:00Z
 *     issuer: studio.example           # what iss must say
 * </pre>
 *
 * <p>Reads the disk: not for event loops. No message ever repeats a secret.
 *
 * @param ring the keys
 * @param warnings what an operator should change about the file, a sentence each
 */
public record KeyFile(KeyRing ring, List<String> warnings) {
  private static final int LEAST_SECRET_BYTES = 32;
  private static final int MOST_SECRET_BYTES = 1024;
  private static final int LEAST_RSA_BITS = 2048;
  private static final int MOST_RSA_BITS = 8192;

  /** The order of the group of P-256 (NIST SP 800-186, section 3.2.1.3), which tells the curve. */
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  /** The file's only key. */
  record Content(List<Entry> keys) {
    Content {
      if (keys.isEmpty()) {
        throw new IllegalArgumentException(
            "there are no keys, so every token would be refused; list one at least under keys");
      }
      new KeyRing(keys.stream().map(Entry::key).toList());
    }
  }

  /** One key, as written. */
  record Entry(
      String id,
      Algorithm algorithm,
      Optional<String> secret,
      Optional<String> publicKey,
      @Default("1970-01-01T00:00:00Z") Instant notBefore,
      Instant notAfter,
      Optional<String> issuer) {
    Entry {
      if (secret.isPresent() != algorithm.isSecret()
          || publicKey.isPresent() == algorithm.isSecret()) {
        throw new IllegalArgumentException(
            algorithm.isSecret()
                ? "this algorithm takes a secret and no publicKey"
                : "this algorithm takes a publicKey and no secret; keep the private key elsewhere");
      }
      key(id, algorithm, secret, publicKey, notBefore, notAfter, issuer);
    }

    SigningKey key() {
      return key(id, algorithm, secret, publicKey, notBefore, notAfter, issuer);
    }

    private static SigningKey key(
        String id,
        Algorithm algorithm,
        Optional<String> secret,
        Optional<String> publicKey,
        Instant notBefore,
        Instant notAfter,
        Optional<String> issuer) {
      Key key =
          secret.isPresent()
              ? new SecretKeySpec(secretBytes(secret.get()), "HmacSHA256")
              : KeyFile.publicKey(algorithm, publicKey.orElseThrow());
      return new SigningKey(
          id, algorithm, key, notBefore.getEpochSecond(), notAfter.getEpochSecond(), issuer);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return id + " (" + algorithm + ")";
    }
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException naming every problem with file, line, column and remedy
   */
  public static KeyFile read(Path file) throws ConfigException {
    Content content = ConfigFile.read(file, Content.class);
    return new KeyFile(
        new KeyRing(content.keys().stream().map(Entry::key).toList()),
        warnings(file, content.keys().stream().anyMatch(it -> it.algorithm().isSecret())));
  }

  private static List<String> warnings(Path file, boolean hasSecrets) {
    List<String> warnings = new ArrayList<>();
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (hasSecrets && permissions.contains(PosixFilePermission.OTHERS_READ)) {
        warnings.add(
            file + ": every user of this machine can read its secrets; chmod o-rwx " + file);
      }
      if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        warnings.add(file + ": every user of this machine can replace its keys; chmod o-w " + file);
      }
    } catch (IOException | UnsupportedOperationException e) {
      warnings.add(file + ": who may read it cannot be told: " + e.getMessage());
    }
    return List.copyOf(warnings);
  }

  private static byte[] secretBytes(String text) {
    byte[] secret;
    try {
      secret = Base64.getUrlDecoder().decode(text.strip());
    } catch (IllegalArgumentException e) {
      // The cause would repeat a part of the secret.
      throw new IllegalArgumentException("the secret is not base64url (A-Z a-z 0-9 - _)");
    }
    if (secret.length < LEAST_SECRET_BYTES || secret.length > MOST_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a secret has "
              + LEAST_SECRET_BYTES
              + " to "
              + MOST_SECRET_BYTES
              + " bytes (RFC 7518, section 3.2), not "
              + secret.length
              + "; make one with: openssl rand -base64 32 | tr '+/' '-_'");
    }
    return secret;
  }

  private static PublicKey publicKey(Algorithm algorithm, String text) {
    String base64 = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----|\\s", "");
    String family = algorithm == Algorithm.ES256 ? "EC" : "RSA";
    PublicKey key;
    try {
      key =
          KeyFactory.getInstance(family)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the publicKey is no "
              + family
              + " key in X.509 form; write one with: openssl pkey -in private.pem -pubout",
          e);
    }
    checkStrength(key);
    return key;
  }

  private static void checkStrength(PublicKey key) {
    if (key instanceof ECPublicKey ec && !ec.getParams().getOrder().equals(P256_ORDER)) {
      throw new IllegalArgumentException("es256 takes a key on the curve P-256 only");
    }
    if (key instanceof RSAPublicKey rsa
        && (rsa.getModulus().bitLength() < LEAST_RSA_BITS
            || rsa.getModulus().bitLength() > MOST_RSA_BITS)) {
      throw new IllegalArgumentException(
          "rs256 takes keys of " + LEAST_RSA_BITS + " to " + MOST_RSA_BITS + " bits");
    }
  }
}
