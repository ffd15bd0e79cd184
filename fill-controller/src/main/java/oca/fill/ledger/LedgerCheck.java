package oca.fill.ledger;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import oca.protocol.Json;

/**
 * Tells whether days of a ledger are as they were signed, and whether one is missing between them.
 * Needs nothing but the documents and the public key; reads those of newer releases too.
 */
public final class LedgerCheck {
  private LedgerCheck() {}

  /**
   * What is wrong, a sentence each; empty when nothing is.
   *
   * @param days as the controller sent them, in any order
   * @param publicKey the one that is trusted, X.509 SubjectPublicKeyInfo in base64
   */
  public static List<String> problems(List<Json> days, String publicKey) {
    List<Json> sorted = new ArrayList<>(days);
    sorted.sort(Comparator.comparingLong(day -> day.at("content", "number").number()));
    List<String> problems = new ArrayList<>();
    Json last = Json.NONE;
    for (Json day : sorted) {
      String name = day.at("content", "day").text("a document without a day");
      String digest = digest(day);
      if (!digest.equals(day.at("digest").text())) {
        problems.add(name + " was altered: its content has the digest " + digest);
      }
      byte[] signed = signed(name, digest);
      if (!isSignature(publicKey, signed, day.at("signature").text())) {
        problems.add(name + " does not bear a signature by this key");
      }
      if (last.isThere()) {
        chain(last, day, name, problems);
      }
      last = day;
    }
    return problems;
  }

  private static void chain(Json last, Json day, String name, List<String> problems) {
    long number = day.at("content", "number").number();
    long before = last.at("content", "number").number();
    String lastName = last.at("content", "day").text();
    if (number == before) {
      problems.add(name + " and " + lastName + " have the same number " + number);
    } else if (number > before + 1) {
      problems.add(
          "%d days are missing between %s and %s".formatted(number - before - 1, lastName, name));
    } else if (!day.at("content", "before").text().equals(digest(last))) {
      problems.add(name + " does not follow upon " + lastName + " as it is here");
    }
  }

  private static String digest(Json day) {
    return sha256(day.at("content").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isSignature(String publicKey, byte[] text, String signature) {
    try {
      byte[] encoded = Base64.getDecoder().decode(publicKey);
      PublicKey key =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  static byte[] signed(String day, String digest) {
    return ("oca ledger\n" + day + "\n" + digest + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
