package oca.operate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import oca.model.Address;
import oca.model.Prefix;
import oca.protocol.Json;
import oca.protocol.WireException;
import org.jspecify.annotations.Nullable;

/**
 * Which serve records are wanted; null for any.
 *
 * @param status such as {@code 206} or {@code 5xx}
 * @param client a prefix that contains the client's network, or an address in that network
 * @param file its id
 * @param brokenOff only what did not end well
 * @param slowerThanMillis only what took longer; below 0 for any
 */
record RecordFilter(
    @Nullable String status,
    @Nullable String outcome,
    @Nullable String client,
    @Nullable String file,
    boolean brokenOff,
    long slowerThanMillis,
    @Nullable Instant since,
    @Nullable Instant until) {
  RecordFilter {
    if (status != null && !status.matches("[1-5](xx|\\d\\d)")) {
      throw new IllegalArgumentException(
          "--status is neither such as 206 nor such as 5xx: " + status);
    }
    if (client != null && !(client.contains("/") ? isPrefix(client) : isAddress(client))) {
      throw new IllegalArgumentException("--client is no address and no prefix: " + client);
    }
  }

  /** Of an IPv4 address so much is kept in records; of an IPv6 address, {@link #BITS_V6}. */
  private static final int BITS_V4 = 24;

  private static final int BITS_V6 = 48;

  /** A line as a record; one that is none fits nothing. */
  static Json parsed(String line) {
    try {
      return Json.parse(line.getBytes(StandardCharsets.UTF_8));
    } catch (WireException e) {
      // A line that is being written, or that a full disk cut: shown to nobody.
      return Json.NONE;
    }
  }

  private static boolean isPrefix(String text) {
    try {
      return Prefix.parse(text).length() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isAddress(String text) {
    try {
      return Address.parse(text).bits() > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean fits(Json record) {
    return record.isThere()
        && fitsStatus(record.at("status").text())
        && (outcome == null || outcome.equals(record.at("outcome").text()))
        && (file == null || file.equals(record.at("file").text()))
        && (!brokenOff || !record.at("complete").isTrue())
        && record.at("micros").number() > slowerThanMillis * 1000
        && fitsClient(record.at("client").text())
        && fitsTime(record.at("at").text());
  }

  private boolean fitsStatus(String text) {
    return status == null
        || (status.endsWith("xx") ? text.startsWith(status.substring(0, 1)) : text.equals(status));
  }

  private boolean fitsClient(String text) {
    String wanted = client;
    if (wanted == null) {
      return true;
    }
    try {
      Address network = Address.parse(text);
      return wanted.contains("/")
          ? Prefix.parse(wanted).contains(network)
          : new Prefix(network, network.bits() == 32 ? BITS_V4 : BITS_V6)
              .contains(Address.parse(wanted));
    } catch (IllegalArgumentException e) {
      // A network that is written otherwise is in no prefix.
      return false;
    }
  }

  private boolean fitsTime(String at) {
    if (since == null && until == null) {
      return true;
    }
    try {
      Instant time = Instant.parse(at);
      return (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
    } catch (java.time.format.DateTimeParseException e) {
      // Without a time it is in no span.
      return false;
    }
  }
}
