package oca.server.authorize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import oca.model.Address;
import oca.protocol.token.Algorithm;
import oca.protocol.token.KeyRing;
import oca.protocol.token.Reason;
import oca.protocol.token.SigningKey;
import oca.protocol.token.TokenMint;
import oca.server.authorize.AuthorizeConfig.Nonces;
import oca.server.authorize.AuthorizeConfig.Scheme;
import org.jspecify.annotations.Nullable;

/** Policies, keys, tokens and clients for tests. */
final class AuthorizeFixture {
  static final long NOW = 1_790_000_000L;
  static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  static final byte[] CLIENT = client("192.0.2.7");
  static final KeyPair EC = pair("EC");
  static final KeyPair RSA = pair("RSA");

  private AuthorizeFixture() {}

  static AuthorizeConfig config(String... protect) {
    return config(Nonces.REFUSE, protect);
  }

  static AuthorizeConfig config(Nonces nonces, String... protect) {
    return new AuthorizeConfig(
        List.of(protect),
        List.of(Scheme.PATH_TOKEN, Scheme.URI_SIGNING),
        Optional.of(Path.of("keys.yaml")),
        Duration.ofSeconds(5),
        "URISigningPackage",
        2048,
        List.of(URI.create("http://cdni.example"), URI.create("https://CDN.example:443")),
        Optional.of("edge"),
        nonces,
        64,
        8);
  }

  static SigningKey secret(String id, Algorithm algorithm) {
    return new SigningKey(
        id, algorithm, new SecretKeySpec(SECRET, "HmacSHA256"), 0, NOW + 86_400, Optional.empty());
  }

  static KeyRing keys() {
    return new KeyRing(
        List.of(
            secret("k1", Algorithm.HMAC_TOKEN),
            secret("j1", Algorithm.HS256),
            new SigningKey(
                "studio",
                Algorithm.ES256,
                EC.getPublic(),
                0,
                NOW + 86_400,
                Optional.of("uCDN Inc")),
            new SigningKey(
                "rsa", Algorithm.RS256, RSA.getPublic(), 0, NOW + 86_400, Optional.empty())));
  }

  static Verifier verifier() {
    return verifier(keys());
  }

  static Verifier verifier(KeyRing keys) {
    UrlAuthorizer authorizer = new UrlAuthorizer(config("/titles", "/foo"), keys);
    return new Verifier(() -> authorizer);
  }

  static TokenMint mint() {
    return new TokenMint("k1", SECRET);
  }

  static byte[] client(String literal) {
    Address address = Address.parse(literal);
    byte[] bytes = new byte[address.bits() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((i < 8 ? address.high() : address.low()) >>> (56 - 8 * (i & 7)));
    }
    return bytes;
  }

  static void assertGranted(String path, Verdict verdict) {
    assertEquals(new Verdict.Granted(path), verdict);
  }

  static void assertDenied(Reason reason, Verdict verdict) {
    assertEquals(new Verdict.Denied(reason), verdict);
  }

  static Verdict ask(Verifier verifier, String path, @Nullable String query) {
    return verifier.authorize(path, query, CLIENT, NOW);
  }

  /** A JWT as RFC 7515 has it, made without the code under test. */
  static String jwt(String header, String claims, Object key) {
    String input = base64(header) + "." + base64(claims);
    byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    try {
      byte[] signature;
      if (key instanceof KeyPair pair) {
        boolean isEc = pair.getPrivate().getAlgorithm().equals("EC");
        Signature signer =
            Signature.getInstance(isEc ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
        signer.initSign(pair.getPrivate());
        signer.update(bytes);
        signature = signer.sign();
      } else {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec((byte[]) key, "HmacSHA256"));
        signature = mac.doFinal(bytes);
      }
      return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signed with HS256, for the file foo/bar, with more claims. */
  static String hs256(String more) {
    return jwt(
        "{\"alg\":\"HS256\",\"kid\":\"j1\"}",
        "{\"exp\":"
            + (NOW + 60)
            + ",\"cdniuc\":\"hash:sha-256;2tderfWPa86Ku7YnzW51YUp7dGUjBS_3SW3ELx4hmWY\""
            + more
            + "}",
        SECRET);
  }

  static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KeyPair pair(String family) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
      if (family.equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp256r1"));
      } else {
        generator.initialize(2048);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
