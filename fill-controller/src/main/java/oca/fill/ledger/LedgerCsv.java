package oca.fill.ledger;

import java.util.List;
import oca.protocol.Json;

/** A day as CSV (RFC 4180): a line of names, then the total, sites, appliances, corrections. */
public final class LedgerCsv {
  private static final List<String> FIGURES =
      List.of(
          "bytes",
          "beyondBytes",
          "otherBytes",
          "responses",
          "peakBitsPerSecond",
          "p95BitsPerSecond",
          "contentBytes",
          "unlabelledBytes",
          "fill.originBytesInWindow",
          "fill.originBytesOutside",
          "fill.peerBytesInWindow",
          "fill.peerBytesOutside",
          "fill.files",
          "fill.failed",
          "wasted.evictedFiles",
          "wasted.evictedBytes",
          "wasted.agedFiles",
          "wasted.agedBytes",
          "wasted.untrackedFiles",
          "doubt.droppedRecords",
          "doubt.futureRecords",
          "doubt.malformedRecords",
          "doubt.lateFills");

  private LedgerCsv() {}

  /** Of a document of a closed day. */
  public static String of(Json signed) {
    Json content = signed.at("content");
    String day = content.at("day").text();
    List<String> labels = List.copyOf(content.at("total", "causes").fields().keySet());
    StringBuilder text = new StringBuilder("day,of,site,appliance");
    FIGURES.forEach(name -> text.append(',').append(name));
    labels.forEach(label -> text.append(',').append(quoted("cause." + label)));
    text.append("\r\n");
    row(text, day, "total", "", "", content.at("total"), labels);
    for (Json site : content.at("sites").items()) {
      row(text, day, "site", site.at("site").text(), "", site.at("line"), labels);
    }
    for (Json one : content.at("appliances").items()) {
      String id = one.at("appliance").text();
      row(text, day, "appliance", one.at("site").text(), id, one.at("line"), labels);
    }
    for (Json late : content.at("corrections").items()) {
      String id = late.at("appliance").text();
      row(text, late.at("day").text(), "correction", late.at("site").text(), id, late, labels);
    }
    return text.toString();
  }

  private static void row(
      StringBuilder text,
      String day,
      String of,
      String site,
      String appliance,
      Json line,
      List<String> labels) {
    text.append(day).append(',').append(of).append(',').append(quoted(site));
    text.append(',').append(quoted(appliance));
    for (String name : FIGURES) {
      text.append(',').append(line.at(name.split("\\.", -1)).text());
    }
    for (String label : labels) {
      text.append(',').append(line.at("causes", label).text());
    }
    text.append("\r\n");
  }

  private static String quoted(String value) {
    // A spreadsheet takes what begins like this for a formula.
    String safe = value.matches("(?s)[=+@\\t\\r-].*") ? "'" + value : value;
    return safe.matches("[^\",\\r\\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
