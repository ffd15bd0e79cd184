package oca.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate chain and its key, as two PEM files hold them (RFC 7468). Blocks on the disk. */
final class PemIdentity {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final byte[] TRIAL = "does the key fit".getBytes(StandardCharsets.US_ASCII);

  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final byte[] fingerprint;

  private PemIdentity(List<X509Certificate> chain, PrivateKey key, byte[] fingerprint) {
    this.chain = chain;
    this.key = key;
    this.fingerprint = fingerprint;
  }

  /**
   * Reads both files and sees that they belong together.
   *
   * @throws IOException when one cannot be read, is not what it should be, or the key is another
   *     certificate's; the message names the file
   */
  static PemIdentity read(Path certificates, Path key) throws IOException {
    byte[] chainText = bytes(certificates);
    byte[] keyText = bytes(key);
    List<X509Certificate> chain = chain(certificates, chainText);
    PrivateKey privateKey = key(key, keyText);
    if (!fits(privateKey, chain.getFirst())) {
      throw new IOException(key + " is not the key of the first certificate in " + certificates);
    }
    return new PemIdentity(chain, privateKey, fingerprint(chainText, keyText));
  }

  /** What both files hold at present, to see whether they changed. */
  static byte[] fingerprint(Path certificates, Path key) throws IOException {
    return fingerprint(bytes(certificates), bytes(key));
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

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new IOException(file + " is not there", e);
    }
  }

  private static List<X509Certificate> chain(Path file, byte[] text) throws IOException {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (chain.isEmpty()) {
        throw new IOException(file + " holds no certificate in PEM");
      }
      return chain;
    } catch (CertificateException e) {
      throw new IOException(file + " is not a chain of certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file, byte[] text) throws IOException {
    Matcher block = KEY.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!block.find()) {
      throw new IOException(
          file
              + " holds no BEGIN PRIVATE KEY; turn other forms into this one with"
              + " `openssl pkcs8 -topk8 -nocrypt`");
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not PEM: " + e.getMessage(), e);
    }
    GeneralSecurityException last = new GeneralSecurityException("no kind of key was tried");
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new IOException(file + " is no RSA, EC or Ed25519 key in PKCS #8", last);
  }

  private static boolean fits(PrivateKey key, X509Certificate certificate) throws IOException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(TRIAL);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificate.getPublicKey());
      verifier.update(TRIAL);
      return verifier.verify(signature);
    } catch (java.security.InvalidKeyException e) {
      return false; // a key of another kind than the certificate's
    } catch (GeneralSecurityException e) {
      throw new IOException("the key cannot be tried: " + e.getMessage(), e);
    }
  }

  List<X509Certificate> chain() {
    return chain;
  }

  PrivateKey key() {
    return key;
  }

  /** Whether these are the files this was read from. */
  boolean isFrom(byte[] otherFingerprint) {
    return Arrays.equals(fingerprint, otherFingerprint);
  }

  /** When the first certificate of the chain to do so expires. */
  Instant expires() {
    return chain.stream()
        .map(it -> it.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }
}
