package oca.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import oca.store.disk.ContentFile;
import oca.store.disk.FileCheck;
import oca.store.disk.FileCheck.Flaw;
import oca.store.disk.Volume;
import oca.store.disk.VolumeIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the scrub of a volume has come: what outlasts a restart, as a small text file on the
 * volume itself. Lost or not understood, the pass begins again.
 *
 * @param passes ended
 * @param began when this pass did, in seconds since 1970
 * @param after the place of the last file that was checked, empty at the beginning
 * @param done the share that is done; 1 when the pass has ended
 */
record ScrubProgress(
    long passes,
    long began,
    String after,
    double done,
    long files,
    long bytes,
    long damagedBlocks,
    long lostOrigins,
    Map<Flaw, Long> flawed) {
  private static final Logger log = LoggerFactory.getLogger(ScrubProgress.class);
  private static final String NAME = "scrub";
  private static final long FORMAT = 1;

  ScrubProgress {
    flawed = Map.copyOf(flawed);
  }

  /** Of a volume of which nothing is known: as if a pass had ended long ago. */
  static ScrubProgress none() {
    return new ScrubProgress(0, 0, "", 1, 0, 0, 0, 0, Map.of());
  }

  /** A new pass. */
  ScrubProgress begin(long second) {
    return new ScrubProgress(passes, second, "", 0, 0, 0, 0, 0, Map.of());
  }

  /** A file was looked at; what it was. */
  ScrubProgress checked(String place, double share, FileCheck.Result found) {
    ContentFile.Header header = found.header();
    return new ScrubProgress(
        passes,
        began,
        place,
        share,
        files + (found.complete() ? 1 : 0),
        bytes + (found.complete() && header != null ? header.length() : 0),
        damagedBlocks + found.damaged().cardinality(),
        lostOrigins + found.lostOrigins(),
        found.flaw() == null ? flawed : more(found.flaw()));
  }

  /** A file was found to have a flaw that is not in its place in the order. */
  ScrubProgress with(Flaw flaw) {
    return new ScrubProgress(
        passes, began, after, done, files, bytes, damagedBlocks, lostOrigins, more(flaw));
  }

  /** The pass has ended. */
  ScrubProgress end() {
    return new ScrubProgress(
        passes + 1, began, "", 1, files, bytes, damagedBlocks, lostOrigins, flawed);
  }

  boolean ended() {
    return done >= 1;
  }

  private Map<Flaw, Long> more(Flaw flaw) {
    Map<Flaw, Long> more = new EnumMap<>(Flaw.class);
    more.putAll(flawed);
    more.merge(flaw, 1L, Long::sum);
    return more;
  }

  /** What a volume says of its scrub. */
  static ScrubProgress read(Volume volume) throws IOException {
    String text;
    try {
      text = VolumeIdentity.readText(volume.disk(), volume.folder().resolve(NAME));
    } catch (NoSuchFileException e) {
      return none();
    }
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      log.warn("{} of {} is not understood, the pass begins again", NAME, volume.folder(), e);
      return none();
    }
  }

  /** Durable on return. */
  void write(Volume volume) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("format ").append(FORMAT).append('\n');
    text.append("passes ").append(passes).append('\n');
    text.append("began ").append(began).append('\n');
    text.append("after ").append(after).append('\n');
    text.append("done ").append(done).append('\n');
    text.append("files ").append(files).append('\n');
    text.append("bytes ").append(bytes).append('\n');
    text.append("damagedBlocks ").append(damagedBlocks).append('\n');
    text.append("lostOrigins ").append(lostOrigins).append('\n');
    flawed.forEach((flaw, count) -> text.append(flaw).append(' ').append(count).append('\n'));
    VolumeIdentity.writeText(volume.disk(), volume.folder(), NAME, text.toString());
  }

  private static ScrubProgress parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .forEach(
            line -> {
              int space = line.indexOf(' ');
              values.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
            });
    if (number(values, "format") != FORMAT) {
      throw new IllegalArgumentException("format " + values.get("format"));
    }
    Map<Flaw, Long> flawed = new EnumMap<>(Flaw.class);
    for (Flaw flaw : Flaw.values()) {
      if (values.containsKey(flaw.name())) {
        flawed.put(flaw, number(values, flaw.name()));
      }
    }
    return new ScrubProgress(
        number(values, "passes"),
        number(values, "began"),
        text(values, "after"),
        Double.parseDouble(text(values, "done")),
        number(values, "files"),
        number(values, "bytes"),
        number(values, "damagedBlocks"),
        number(values, "lostOrigins"),
        flawed);
  }

  private static long number(Map<String, String> values, String name) {
    return Long.parseLong(text(values, name));
  }

  private static String text(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("it lacks " + name);
    }
    return value;
  }
}
