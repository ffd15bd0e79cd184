package oca.fill.plan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * The Ed25519 key (RFC 8032) by which plans are signed, in a file that only its owner may read: two
 * PEM blocks (RFC 7468), {@code PRIVATE KEY} as openssl writes it and, for those made here, {@code
 * PUBLIC KEY}.
 */
public final class PlanKey {
  private static final String ALGORITHM = "Ed25519";
  private static final byte[] TRIAL = {1, 2, 3};

  private final PrivateKey secret;
  private final String publicKey;

  private PlanKey(PrivateKey secret, String publicKey) {
    this.secret = secret;
    this.publicKey = publicKey;
  }

  /** Reads the key, and makes one first when there is no such file. */
  public static PlanKey openOrMake(Path file) throws IOException {
    if (!Files.exists(file)) {
      try {
        make(file);
      } catch (FileAlreadyExistsException e) {
        // Somebody else was quicker; theirs is as good.
      }
    }
    return open(file);
  }

  /**
   * Reads a key of the operator's.
   *
   * @throws IOException when it is not one or others may read it; names file and remedy
   */
  public static PlanKey open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "the key of plans " + file + " does not exist; make it or name another");
    }
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(it -> !it.name().startsWith("OWNER"))) {
        throw new IOException(
            "the key of plans "
                + file
                + " may be read or written by others (mode "
                + PosixFilePermissions.toString(mode)
                + "); chmod 600 it");
      }
    }
    String pem = Files.readString(file, StandardCharsets.US_ASCII);
    try {
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      PrivateKey secret =
          keys.generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY", file)));
      byte[] open = block(pem, "PUBLIC KEY", file);
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(secret);
      signer.update(TRIAL);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(keys.generatePublic(new X509EncodedKeySpec(open)));
      verifier.update(TRIAL);
      if (!verifier.verify(signature)) {
        throw new IOException("the two halves of the key in " + file + " do not fit each other");
      }
      return new PlanKey(secret, Base64.getEncoder().encodeToString(open));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "the key of plans "
              + file
              + " is no Ed25519 key ("
              + e.getMessage()
              + "); replace it, or move it away to have one made",
          e);
    }
  }

  /** X.509 SubjectPublicKeyInfo in base64. */
  public String publicKey() {
    return publicKey;
  }

  String sign(long version, String digest) {
    return sign(PlanContent.signed(version, digest));
  }

  /** A signature over these bytes in base64; they begin with words that say what they are. */
  public String sign(byte[] text) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(secret);
      signer.update(text);
      return Base64.getEncoder().encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that has signed does so again", e);
    }
  }

  static boolean isSignature(String publicKey, long version, String digest, String signature) {
    try {
      byte[] encoded = Base64.getDecoder().decode(publicKey);
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(PlanContent.signed(version, digest));
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static void make(Path file) throws IOException {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
      String pem =
          pem("PRIVATE KEY", pair.getPrivate().getEncoded())
              + pem("PUBLIC KEY", pair.getPublic().getEncoded());
      // Written whole under another name: a half key would never be replaced.
      Path next = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(next);
      var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (var out =
          Files.newByteChannel(
              next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
        out.write(java.nio.ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII)));
      }
      Files.move(next, file);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 15 must have Ed25519", e);
    }
  }

  private static String pem(String label, byte[] bytes) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte[] block(String pem, String label, Path file) throws IOException {
    List<String> parts = List.of("-----BEGIN " + label + "-----", "-----END " + label + "-----");
    int from = pem.indexOf(parts.getFirst());
    int to = pem.indexOf(parts.getLast());
    if (from < 0 || to < from) {
      throw new IOException(
          "the key of plans "
              + file
              + " has no "
              + label
              + " block; make it by openssl genpkey -algorithm ed25519, and append openssl pkey"
              + " -pubout of it");
    }
    String body = pem.substring(from + parts.getFirst().length(), to).replaceAll("\\s", "");
    return Base64.getDecoder().decode(body);
  }
}
