package oca.fill.trigger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * URLs by pattern (RFC 8007, section 5.2.4): {@code *} stands for any characters, also none, {@code
 * ?} for exactly one, and {@code $} takes either of them and itself literally.
 *
 * @param caseSensitive false when left out
 * @param matchQueryString whether the query takes part; false when left out
 */
record UrlPattern(
    String pattern,
    @JsonProperty("case-sensitive") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Boolean caseSensitive,
    @JsonProperty("match-query-string") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Boolean matchQueryString) {

  UrlPattern {
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("a pattern is empty");
    }
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == '$') {
        i++;
        if (i == pattern.length() || "*?$".indexOf(pattern.charAt(i)) < 0) {
          throw new IllegalArgumentException(
              "$ must be followed by *, ? or $ in the pattern " + pattern);
        }
      }
    }
  }

  /** Whether case counts. */
  @JsonIgnore
  boolean isExact() {
    return Boolean.TRUE.equals(caseSensitive);
  }

  /** Whether the query takes part. */
  @JsonIgnore
  boolean withQuery() {
    return Boolean.TRUE.equals(matchQueryString);
  }

  /**
   * Whether a URL is one of them; its scheme does not count, and without {@link #withQuery} its
   * query does not either. Takes at most the product of both lengths, whatever the pattern.
   */
  boolean matches(String url) {
    String text = Urls.withoutScheme(withQuery() ? url : Urls.withoutQuery(url));
    String rest = Urls.withoutScheme(pattern);
    int at = 0;
    int step = 0;
    int star = -1;
    int resumed = 0;
    while (at < text.length()) {
      char c = step < rest.length() ? rest.charAt(step) : 0;
      boolean literal = c == '$';
      if (c == '*') {
        star = step++;
        resumed = at;
      } else if (step < rest.length()
          && (c == '?' || same(literal ? rest.charAt(step + 1) : c, text.charAt(at)))) {
        step += literal ? 2 : 1;
        at++;
      } else if (star >= 0) {
        step = star + 1;
        at = ++resumed;
      } else {
        return false;
      }
    }
    while (step < rest.length() && rest.charAt(step) == '*') {
      step++;
    }
    return step == rest.length();
  }

  private boolean same(char a, char b) {
    return a == b || (!isExact() && Character.toLowerCase(a) == Character.toLowerCase(b));
  }

  /** Whether it is plain but for one star at its end. */
  @JsonIgnore
  boolean isPrefix() {
    String front = pattern.substring(0, pattern.length() - 1);
    return pattern.endsWith("*") && front.chars().noneMatch(c -> c == '*' || c == '?' || c == '$');
  }
}
