package oca.server.cmcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads CMCD from a request (CTA-5004; revisions A and B for version 2).
 *
 * <p>A player may tell it in the query argument {@code CMCD}, percent-encoded, or in the four
 * header fields. When it is in both, the header fields are taken and the argument is not looked at:
 * a URL can outlive the request that it was made for (a redirect, a playlist written by a server, a
 * copied link), header fields are set for this request by whoever sends it. The two are never
 * mixed, for nothing says that they speak of the same moment. Of several {@code CMCD} arguments the
 * last counts: whoever made the request added it to what was there.
 *
 * <p>Any key is taken from any of the four fields. Values are those of RFC 8941; a key that comes
 * twice counts as it came last (section 3.2). Never an error: a key that cannot be read is dropped
 * and counted, the others stand. Immutable, safe on any thread; takes linear time; allocates
 * nothing when the request has no CMCD.
 */
public final class CmcdParser {
  private static final String ARGUMENT = "CMCD=";

  private final Supplier<CmcdLimits> limits;

  /** A parser within these limits. */
  public CmcdParser(CmcdLimits limits) {
    this(() -> limits);
  }

  /** A parser within the limits that are in force when it reads. */
  public CmcdParser(Supplier<CmcdLimits> limits) {
    this.limits = limits;
  }

  /**
   * What a request tells. A field that comes in several lines is to be joined with commas (RFC
   * 9110, section 5.3).
   *
   * @param query as it is in the request target, behind the question mark; null without one
   * @param request the field CMCD-Request, or null; so the others
   */
  public Cmcd parse(
      @Nullable String query,
      @Nullable CharSequence request,
      @Nullable CharSequence object,
      @Nullable CharSequence status,
      @Nullable CharSequence session) {
    int inFields = length(request) + length(object) + length(status) + length(session);
    if (inFields == 0) {
      return query == null ? Cmcd.NONE : ofQuery(query);
    }
    CmcdLimits limits = this.limits.get();
    Draft draft = new Draft(limits);
    if (inFields > limits.maxChars()) {
      draft.reject();
    } else {
      read(draft, request);
      read(draft, object);
      read(draft, status);
      read(draft, session);
    }
    return draft.finish(Cmcd.Source.HEADERS);
  }

  /** What a request without any of the header fields tells. */
  public Cmcd ofQuery(String query) {
    int from = lastArgument(query);
    int to = from < 0 ? -1 : query.indexOf('&', from);
    to = to < 0 ? query.length() : to;
    if (from < 0 || from == to) {
      return Cmcd.NONE;
    }
    CmcdLimits limits = this.limits.get();
    Draft draft = new Draft(limits);
    if (to - from > limits.maxChars()) {
      draft.reject();
    } else {
      draft.read(decoded(query.substring(from, to)));
    }
    return draft.finish(Cmcd.Source.QUERY);
  }

  private static int length(@Nullable CharSequence field) {
    return field == null ? 0 : field.length();
  }

  private static void read(Draft draft, @Nullable CharSequence field) {
    if (field != null) {
      draft.read(field.toString());
    }
  }

  /** Where the value of the last argument begins, or -1. */
  private static int lastArgument(String query) {
    int found = -1;
    int at = query.indexOf(ARGUMENT);
    while (at >= 0) {
      int value = at + ARGUMENT.length();
      if (at == 0 || query.charAt(at - 1) == '&') {
        found = value;
      }
      at = query.indexOf(ARGUMENT, value);
    }
    return found;
  }

  /**
   * The text without percent-encoding (RFC 3986, section 2.1), its bytes read as UTF-8. A percent
   * sign that begins none stays; a plus sign is a plus sign. What is no character comes out as one
   * that no value allows.
   */
  static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(UTF_8);
    int length = 0;
    for (int i = 0; i < in.length; i++, length++) {
      int value = in[i] == '%' && i + 2 < in.length ? octet(in[i + 1], in[i + 2]) : -1;
      if (value < 0) {
        in[length] = in[i];
      } else {
        in[length] = (byte) value;
        i += 2;
      }
    }
    return new String(in, 0, length, UTF_8);
  }

  private static int octet(byte high, byte low) {
    int value = (Character.digit(high, 16) << 4) | Character.digit(low, 16);
    return value < 0 ? -1 : value;
  }
}
