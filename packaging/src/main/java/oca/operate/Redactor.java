package oca.operate;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of text. What is taken out by its form: private keys in PEM, what is shown in
 * Authorization and cookies, JSON web tokens, user and password in addresses, and the value behind
 * any word that ends in password, secret, token, key or signature and an equals sign or colon,
 * unless that is the path of a file or the name of a credential.
 *
 * <p>It rather takes too much than too little: what it took is replaced by {@value #MARK}.
 */
final class Redactor {
  static final String MARK = "[redacted]";

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\\z)",
          Pattern.DOTALL);
  private static final Pattern SHOWN =
      Pattern.compile(
          "(?i)((?:proxy-)?authorization|(?:set-)?cookie)(\"?\\s*[:=]\\s*)[^\\r\\n\"]+");
  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/_.~=-]{8,}");
  private static final Pattern WEB_TOKEN =
      Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");
  private static final Pattern USER = Pattern.compile("(://)[^/@\\s\"']+@");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)([\\w.-]*(?:password|passwd|passphrase|secret|token|key|signature|credentials?))"
              + "([\"']?\\s*[:=]\\s*)"
              + "(\"(?:[^\"\\\\\\r\\n]|\\\\.)*\"|'[^'\\r\\n]*'|[^\\s\"'&,;}\\])]+)");
  private static final Pattern HARMLESS =
      Pattern.compile(
          "[\"']?(/(etc|run|var|srv|usr|opt|home|tmp)/[\\w./+@:~-]*|credential:[\\w.-]*"
              + "|-|true|false|null|none|\\d{1,6}|\\[redacted]|\\{\\})?[\"']?");

  private final AtomicInteger taken = new AtomicInteger();

  /** How many it took out up to now. */
  int taken() {
    return taken.get();
  }

  /** The text without them. */
  String clean(String text) {
    String clean = replaced(PRIVATE_KEY, text, _ -> MARK);
    clean = replaced(SHOWN, clean, it -> it.group(1) + it.group(2) + MARK);
    clean = replaced(BEARER, clean, it -> it.group(1) + " " + MARK);
    clean = replaced(WEB_TOKEN, clean, _ -> MARK);
    clean = replaced(USER, clean, it -> it.group(1) + MARK + "@");
    return replaced(NAMED, clean, this::named);
  }

  private String named(MatchResult found) {
    String value = found.group(3);
    if (HARMLESS.matcher(value).matches()) {
      taken.decrementAndGet();
      return found.group();
    }
    String quote = value.startsWith("\"") || value.startsWith("'") ? value.substring(0, 1) : "";
    return found.group(1) + found.group(2) + quote + MARK + quote;
  }

  private interface By {
    String text(MatchResult found);
  }

  private String replaced(Pattern pattern, String text, By by) {
    return pattern
        .matcher(text)
        .replaceAll(
            found -> {
              taken.incrementAndGet();
              return Matcher.quoteReplacement(by.text(found));
            });
  }
}
