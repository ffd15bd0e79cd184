package oca.server.http;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import oca.protocol.pem.PemFile;

/** A certificate chain and its key, as two PEM files hold them (RFC 7468). Blocks on the disk. */
final class PemIdentity {
  private final PemFile.Identity identity;
  private final byte[] fingerprint;

  private PemIdentity(PemFile.Identity identity, byte[] fingerprint) {
    this.identity = identity;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads both files and sees that they belong together.
   *
   * @throws IOException when one cannot be read, is not what it should be, or the key is another
   *     certificate's; the message names the file
   */
  static PemIdentity read(Path certificates, Path key) throws IOException {
    byte[] chainText = PemFile.bytes(certificates);
    byte[] keyText = PemFile.bytes(key);
    PemFile.Identity identity = PemFile.identity(certificates, chainText, key, keyText);
    return new PemIdentity(identity, fingerprint(chainText, keyText));
  }

  /** What both files hold at present, to see whether they changed. */
  static byte[] fingerprint(Path certificates, Path key) throws IOException {
    return fingerprint(PemFile.bytes(certificates), PemFile.bytes(key));
  }

  private static byte[] fingerprint(byte[] chain, byte[] key) {
    byte[] both = Arrays.copyOf(chain, chain.length + key.length);
    System.arraycopy(key, 0, both, chain.length, key.length);
    return sha256(both);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  List<X509Certificate> chain() {
    return identity.chain();
  }

  PrivateKey key() {
    return identity.key();
  }

  /** Whether these are the files this was read from. */
  boolean isFrom(byte[] otherFingerprint) {
    return Arrays.equals(fingerprint, otherFingerprint);
  }

  /** When the first certificate of the chain to do so expires. */
  Instant expires() {
    return identity.chain().stream()
        .map(it -> it.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }
}
