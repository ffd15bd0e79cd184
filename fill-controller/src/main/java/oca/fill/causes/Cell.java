package oca.fill.causes;

import java.time.Instant;
import oca.protocol.Playback;

/**
 * Sums of responses that are alike in all dimensions.
 *
 * @param hour since 1970-01-01T00:00Z
 * @param site nearest to the viewers; {@code -} when they have none or nobody knows
 * @param from where it was served; {@code origin}, or {@code -} when nobody knows
 * @param title {@code -} when there is none, {@code *} for those that there was no room for
 * @param file the same
 * @param bytes served
 * @param requests how many responses
 * @param timedBytes those of which the player told the bitrate
 * @param mediaMillis how long those play
 */
public record Cell(
    long hour,
    Label label,
    String site,
    String from,
    String appliance,
    String title,
    String file,
    long bytes,
    long requests,
    long timedBytes,
    long mediaMillis) {

  static final String NONE = "-";
  static final String OTHERS = "*";
  static final String ORIGIN = "origin";
  private static final long HOUR = 3600;

  /** That of one response. */
  public static Cell of(Labelled labelled) {
    Served served = labelled.served();
    long bytes = served.record().bodyBytes();
    Playback playback = served.record().playback();
    Integer told = playback == null ? null : playback.bitrateKbps();
    int kbps = told == null ? 0 : told;
    boolean isTimed = kbps > 0;
    String file = served.record().file().toString();
    return new Cell(
        Math.floorDiv(served.ended().getEpochSecond(), HOUR),
        labelled.label(),
        labelled.nearest() == null ? NONE : labelled.nearest().value(),
        served.site() != null ? served.site().value() : served.origin() ? ORIGIN : NONE,
        served.server().value(),
        served.group().equals(file) ? NONE : served.group(),
        file,
        bytes,
        1,
        isTimed ? bytes : 0,
        isTimed ? bytes * 8 / kbps : 0);
  }

  /** When the hour begins. */
  Instant begins() {
    return Instant.ofEpochSecond(hour * HOUR);
  }

  /** The same with nothing summed up, to find its like by. */
  public Cell key() {
    return new Cell(hour, label, site, from, appliance, title, file, 0, 0, 0, 0);
  }

  Cell withoutFile() {
    return new Cell(
        hour,
        label,
        site,
        from,
        appliance,
        title,
        OTHERS,
        bytes,
        requests,
        timedBytes,
        mediaMillis);
  }

  Cell withoutTitle() {
    return new Cell(
        hour,
        label,
        site,
        from,
        appliance,
        OTHERS,
        OTHERS,
        bytes,
        requests,
        timedBytes,
        mediaMillis);
  }

  /** The sums of both. */
  public Cell plus(Cell other) {
    return new Cell(
        hour,
        label,
        site,
        from,
        appliance,
        title,
        file,
        bytes + other.bytes,
        requests + other.requests,
        timedBytes + other.timedBytes,
        mediaMillis + other.mediaMillis);
  }

  String at(Dimension dimension) {
    return switch (dimension) {
      case LABEL -> label.label();
      case SITE -> site;
      case FROM -> from;
      case APPLIANCE -> appliance;
      case TITLE -> title;
      case FILE -> file;
      case HOUR -> begins().toString();
    };
  }
}
