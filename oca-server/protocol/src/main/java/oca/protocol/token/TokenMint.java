package oca.protocol.token;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import oca.model.ContentPath;
import oca.model.Prefix;

/** Makes our own tokens, for whoever hands out URLs; {@link PathToken} has their format. */
public final class TokenMint {
  private final String keyId;
  private final Hmac hmac;

  /**
   * A mint of one key; not safe on several threads.
   *
   * @param keyId the key's id in the appliances' key files
   * @param secret at least 32 bytes
   */
  public TokenMint(String keyId, byte[] secret) {
    this(checked(keyId, secret));
  }

  /** A mint of one {@link Algorithm#HMAC_TOKEN} key; not safe on several threads. */
  public TokenMint(SigningKey key) {
    if (key.algorithm() != Algorithm.HMAC_TOKEN) {
      throw new IllegalArgumentException("not a key for tokens: " + key);
    }
    this.keyId = key.id();
    this.hmac = new Hmac(key.key());
  }

  private static SigningKey checked(String keyId, byte[] secret) {
    if (secret.length < Hmac.BYTES) {
      throw new IllegalArgumentException("a secret of fewer than 32 bytes");
    }
    SecretKeySpec key = new SecretKeySpec(secret, "HmacSHA256");
    return new SigningKey(keyId, Algorithm.HMAC_TOKEN, key, 0, Long.MAX_VALUE, Optional.empty());
  }

  /**
   * A token for all files below a folder. It goes in front of their paths, with a slash.
   *
   * @param folder without slashes at its ends; empty for all files
   * @param expirySecond the last second of the Unix epoch at which it is good
   * @param network whence it may be used
   */
  public String forFolder(String folder, long expirySecond, Optional<Prefix> network) {
    if (folder.isEmpty()) {
      return make("d0", "", 0, expirySecond, network);
    }
    check(folder);
    int depth = (int) folder.chars().filter(c -> c == '/').count() + 1;
    if (depth > PathToken.MAX_DEPTH) {
      throw new IllegalArgumentException("more than 99 folders deep: " + folder);
    }
    return make("d" + depth, folder + "/", depth, expirySecond, network);
  }

  /** A token for one file, as {@link #forFolder}. */
  public String forFile(String path, long expirySecond, Optional<Prefix> network) {
    check(path);
    return make("f", path, PathToken.MAX_DEPTH + 1, expirySecond, network);
  }

  private String make(
      String scope, String path, int depth, long expirySecond, Optional<Prefix> network) {
    if (expirySecond <= 0 || expirySecond >= 78_364_164_096L) {
      throw new IllegalArgumentException("an expiry outside 1970 to 4453: " + expirySecond);
    }
    String net =
        network
            .filter(it -> it.length() > 0)
            .map(it -> PathToken.networkField(it.network(), it.length()))
            .orElse("0");
    String head =
        PathToken.VERSION
            + keyId
            + "."
            + Long.toString(expirySecond, 36)
            + "."
            + scope
            + "."
            + net
            + ".";
    byte[] input = PathToken.input(head, path, depth);
    byte[] mac = new byte[PathToken.MAC_CHARS];
    PathToken.encode(hmac.of(input, input.length), mac);
    return head + new String(mac, StandardCharsets.US_ASCII);
  }

  private static void check(String path) {
    String fault = ContentPath.fault(path);
    if (fault != null) {
      throw new IllegalArgumentException("the path " + fault + ": " + path);
    }
  }
}
