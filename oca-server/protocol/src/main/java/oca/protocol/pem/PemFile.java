package oca.protocol.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and keys in PEM (RFC 7468). Blocks on the disk; safe on any thread. */
public final class PemFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final byte[] TRIAL = "does the key fit".getBytes(StandardCharsets.US_ASCII);

  /** A chain, the leaf first, and the leaf's key. */
  public record Identity(List<X509Certificate> chain, PrivateKey key) {
    public Identity {
      chain = List.copyOf(chain);
    }
  }

  private PemFile() {}

  /**
   * A certificate chain and its key.
   *
   * @throws IOException when one cannot be read, or they do not belong together; the message names
   *     the file
   */
  public static Identity identity(Path certificates, Path key) throws IOException {
    return identity(certificates, bytes(certificates), key, bytes(key));
  }

  /**
   * The same of files that were read already.
   *
   * @param certificates the file that held {@code chainText}
   * @param key the file that held {@code keyText}
   */
  public static Identity identity(Path certificates, byte[] chainText, Path key, byte[] keyText)
      throws IOException {
    Identity identity = new Identity(certificates(certificates, chainText), key(key, keyText));
    if (!fits(identity.key(), identity.chain().getFirst())) {
      throw new IOException(key + " is not the key of the first certificate in " + certificates);
    }
    return identity;
  }

  /**
   * All certificates of a file; at least one.
   *
   * @throws IOException when there is none or it cannot be read; the message names the file
   */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    return certificates(file, bytes(file));
  }

  private static List<X509Certificate> certificates(Path file, byte[] text) throws IOException {
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(file + " holds no certificate in PEM");
      }
      return all;
    } catch (CertificateException e) {
      throw new IOException(file + " does not hold certificates in PEM: " + e.getMessage(), e);
    }
  }

  /**
   * What a small file holds.
   *
   * @throws IOException when it is not there, cannot be read, or is larger than 1 MiB; the message
   *     names it
   */
  public static byte[] bytes(Path file) throws IOException {
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

  private static PrivateKey key(Path file, byte[] text) throws IOException {
    Matcher block = KEY.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!block.find()) {
      throw new IOException(
          file
              + " holds no BEGIN PRIVATE KEY; turn other forms into this one with"
              + " `openssl pkcs8 -topk8 -nocrypt`");
    }
    GeneralSecurityException last = new GeneralSecurityException("no kind of key was tried");
    try {
      PKCS8EncodedKeySpec spec =
          new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
      for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (GeneralSecurityException e) {
          last = e;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " is not PEM: " + e.getMessage(), e);
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
    } catch (InvalidKeyException e) {
      return false; // a key of another kind than the certificate's
    } catch (GeneralSecurityException e) {
      throw new IOException("the key cannot be tried: " + e.getMessage(), e);
    }
  }
}
