package oca.server.fill.s3;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 for S3, in the header {@code Authorization}, for requests without
 * content. Pure.
 *
 * <p>What is signed: method, path, query, all headers that are given with host and date among them,
 * and the digest of the content. See "Authenticating Requests: Using the Authorization Header" in
 * the API reference of Amazon S3, whose examples are the test.
 */
final class S3Signature {
  /** The SHA-256 of no bytes, as GET and HEAD have it. */
  static final String NO_CONTENT =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private S3Signature() {}

  /**
   * What is to be signed.
   *
   * @param path percent-encoded, with a slash at its beginning
   * @param query canonical: sorted and percent-encoded; empty for none
   * @param headers by name, whatever its case; with {@code host}
   * @param contentSha256 see {@link #NO_CONTENT}
   */
  record Question(
      String method,
      String path,
      String query,
      Map<String, String> headers,
      String contentSha256) {}

  /** The headers to add to those of the question. */
  static Map<String, String> headers(
      Question question, S3Credentials.Keys keys, String region, Instant now) {
    String second = SECOND.format(now);
    TreeMap<String, String> signed = new TreeMap<>();
    question
        .headers()
        .forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
    Map<String, String> added = new TreeMap<>();
    added.put("x-amz-date", second);
    added.put("x-amz-content-sha256", question.contentSha256());
    keys.sessionToken().ifPresent(token -> added.put("x-amz-security-token", token));
    signed.putAll(added);
    String names = String.join(";", signed.keySet());
    String scope = second.substring(0, 8) + "/" + region + "/s3/aws4_request";
    String toSign =
        ALGORITHM
            + "\n"
            + second
            + "\n"
            + scope
            + "\n"
            + HexFormat.of().formatHex(sha256(canonical(question, signed, names)));
    byte[] key = ("AWS4" + keys.secret()).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    added.put(
        "Authorization",
        ALGORITHM
            + " Credential="
            + keys.accessKey()
            + "/"
            + scope
            + ",SignedHeaders="
            + names
            + ",Signature="
            + HexFormat.of().formatHex(hmac(key, toSign)));
    return added;
  }

  private static String canonical(Question question, Map<String, String> signed, String names) {
    StringBuilder text = new StringBuilder();
    text.append(question.method()).append('\n');
    text.append(question.path()).append('\n');
    text.append(question.query()).append('\n');
    signed.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append('\n').append(names).append('\n').append(question.contentSha256()).toString();
  }

  /** Percent-encodes all but unreserved characters and slashes. */
  static String encodedPath(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform must have HmacSHA256", e);
    }
  }
}
