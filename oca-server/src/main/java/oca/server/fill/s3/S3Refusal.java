package oca.server.fill.s3;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a store says when it does not send a file, with what an operator can do about it. Pure.
 *
 * <p>Of the answer's XML only the code is used, by its name and bounded: the rest may repeat what
 * was signed.
 */
final class S3Refusal {
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,64})</Code>");

  private S3Refusal() {}

  static String why(
      int status, Instant now, @Nullable Instant date, @Nullable String region, String body) {
    Matcher matcher = CODE.matcher(body);
    String code = matcher.find() ? matcher.group(1) : "";
    String advice =
        switch (code) {
          case "RequestTimeTooSkewed" -> skew(now, date);
          case "AccessDenied" -> "these credentials may not read it, or the bucket is not public";
          case "InvalidAccessKeyId" -> "the store does not know this access key";
          case "SignatureDoesNotMatch" ->
              "the secret key is another one, or a proxy alters requests";
          case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
              "the session token has ended; write a new one into the credentials file";
          case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect" ->
              region == null ? "is the region right?" : "the bucket is in the region " + region;
          case "NoSuchBucket" -> "there is no such bucket";
          case "InvalidObjectState" -> "it is archived and has to be restored first";
          default -> "";
        };
    return "answered "
        + status
        + (code.isEmpty() ? "" : " " + code)
        + (advice.isEmpty() ? "" : ": " + advice);
  }

  private static String skew(Instant now, @Nullable Instant date) {
    return date == null
        ? "this appliance's clock and the store's differ too much"
        : "this appliance's clock and the store's differ by "
            + Duration.between(date, now).abs().toSeconds()
            + " s";
  }
}
