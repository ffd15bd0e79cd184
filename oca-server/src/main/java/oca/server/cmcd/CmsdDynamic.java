package oca.server.cmcd;

import org.jspecify.annotations.Nullable;

/**
 * The value of the field CMSD-Dynamic (CTA-5006): what an answer tells of the server that sends it.
 * A list of RFC 8941 whose one item is the server's id with what there is to say as parameters,
 * such as {@code "north-1";mb=5000;du}. Servers in front of this one add items of their own.
 *
 * <p>What is the same for all answers is made once per sample of the load; what belongs to one
 * connection is added to that, if it is known at all.
 */
public final class CmsdDynamic {
  /** The field's name. */
  public static final String FIELD = "CMSD-Dynamic";

  /** Suggestions are multiples of this, so that they change seldom, kbit/s. */
  private static final int STEP_KBPS = 100;

  private CmsdDynamic() {}

  /**
   * What all answers tell: {@code mb}, the bitrate to stay within, when the server is so loaded
   * that fair shares matter; {@code du} when it is in duress. Null when the policy is off.
   *
   * @param id of the server, printable ASCII
   */
  public static @Nullable String of(String id, ServerLoad load, CmsdPolicy policy) {
    if (!policy.enabled()) {
      return null;
    }
    StringBuilder value = new StringBuilder(id.length() + 24);
    appendString(value, id);
    int suggested = suggestedKbps(load, policy);
    if (suggested > 0) {
      value.append(";mb=").append(suggested);
    }
    if (load.load() >= policy.duressAt()) {
      value.append(";du");
    }
    return value.toString();
  }

  /**
   * The value with what is known of one connection added; -1 for what is not.
   *
   * @param value as made by {@link #of}
   * @param etpKbps estimated throughput to this client, kbit/s
   * @param rttMillis round-trip time, ms
   * @param delayMillis from the request's arrival to the first byte of the body, ms
   */
  public static String onConnection(String value, long etpKbps, int rttMillis, int delayMillis) {
    StringBuilder longer = new StringBuilder(value.length() + 36).append(value);
    appendNumber(longer, ";etp=", etpKbps);
    appendNumber(longer, ";rtt=", rttMillis);
    appendNumber(longer, ";rd=", delayMillis);
    return longer.toString();
  }

  /** The bitrate that every session could have at once, in kbit/s; 0 when none is suggested. */
  static int suggestedKbps(ServerLoad load, CmsdPolicy policy) {
    if (load.load() < policy.suggestAt() || load.sessions() == 0) {
      return 0;
    }
    double line = (double) load.sendingBitsPerSecond() + load.headroomBitsPerSecond();
    long fair = (long) (line * policy.share() / load.sessions() / 1000);
    long stepped = Math.max(fair - fair % STEP_KBPS, policy.minKbps());
    return stepped > policy.maxKbps() ? 0 : (int) stepped;
  }

  private static void appendNumber(StringBuilder to, String name, long number) {
    if (number >= 0) {
      // RFC 8941, section 3.3.1: no more than 15 digits.
      to.append(name).append(Math.min(number, 999_999_999_999_999L));
    }
  }

  /** A string of RFC 8941, section 3.3.3. */
  private static void appendString(StringBuilder to, String text) {
    to.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new IllegalArgumentException(
            "a server's id in CMSD is printable ASCII; character " + i + " is not: " + text);
      }
      if (c == '"' || c == '\\') {
        to.append('\\');
      }
      to.append(c);
    }
    to.append('"');
  }
}
