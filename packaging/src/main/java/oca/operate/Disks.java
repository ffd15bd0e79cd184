package oca.operate;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.ByteSize;
import oca.protocol.Json;

/** The orders about an appliance's disks, and waiting for one to be empty. */
final class Disks {
  private final Door door;
  private final OutputOptions output;
  private final Watch watch;

  Disks(Door door, OutputOptions output, Watch watch) {
    this.door = door;
    this.output = output;
    this.watch = watch;
  }

  Json list() throws IOException {
    return door.get("/v1/volumes");
  }

  Optional<Json> find(String path) throws IOException {
    return find(list(), path);
  }

  static Optional<Json> find(Json volumes, String path) {
    return volumes.at("volumes").items().stream()
        .filter(it -> it.at("path").text().equals(path))
        .findFirst();
  }

  Json add(String path, ByteSize capacity, ByteSize reserve) throws IOException {
    Map<String, Object> volume = new LinkedHashMap<>();
    volume.put("path", path);
    volume.put("capacityBytes", capacity.bytes());
    volume.put("reserveBytes", reserve.bytes());
    return door.post("/v1/volumes", Json.of(volume));
  }

  /** Gives the order {@code drain}, {@code undrain} or {@code detach}. */
  Json order(String order, String path) throws IOException {
    return door.post("/v1/volumes/" + order, Json.of(Map.of("path", path)));
  }

  /**
   * Waits until nothing is on a disk that drains.
   *
   * @return false when it does not drain any more, or did not get emptier for so long
   */
  boolean awaitEmpty(String path, Duration stuckAfter) throws IOException, InterruptedException {
    Countdown countdown = new Countdown();
    Progress progress = new Progress(output.err(), output.style(), watch);
    long least = Long.MAX_VALUE;
    long since = watch.getAsLong();
    while (true) {
      Json volume = find(path).orElse(Json.NONE);
      if (!volume.at("state").text().equals("draining")) {
        progress.end();
        output.err().println(path + " does not drain any more: " + state(volume));
        return false;
      }
      long files = volume.at("files").number() + volume.at("leaving").number();
      long bytes = volume.at("usedBytes").number();
      if (files == 0) {
        progress.end();
        return true;
      }
      long now = watch.getAsLong();
      countdown.note(now, bytes);
      if (bytes + files < least) {
        least = bytes + files;
        since = now;
      } else if (now - since > stuckAfter.toNanos()) {
        progress.end();
        output
            .err()
            .println(
                Figures.count(files)
                    + " files stay on "
                    + path
                    + ": the other disks have no room, or nobody else holds them");
        return false;
      }
      progress.tell(
          "%s: %s files, %s on it, %s"
              .formatted(path, Figures.count(files), Figures.bytes(bytes), countdown.timeLeft()));
      watch.pause(Duration.ofSeconds(1));
    }
  }

  private static String state(Json volume) {
    return volume.at("state").text("it is not there");
  }

  /** All disks for whoever asked. */
  void show(Json volumes, Json scrubs) {
    if (output.isJson()) {
      output.print(volumes);
      return;
    }
    Table table =
        new Table("DISK", "STATE", ">SIZE", ">USED", ">FREE", ">FILES", ">ERRS", ">SCRUB");
    for (Json volume : volumes.at("volumes").items()) {
      String path = volume.at("path").text();
      table.row(
          path,
          volume.at("state").text(),
          Figures.bytes(volume.at("capacityBytes").number()),
          Figures.bytes(volume.at("usedBytes").number()),
          Figures.bytes(volume.at("freeBytes").number()),
          Figures.count(volume.at("files").number()),
          Figures.count(volume.at("errors").number()),
          checked(scrubs, path));
    }
    table.print(output.out(), output.style(), "");
    output.out().flush();
  }

  private static String checked(Json scrubs, String path) {
    List<Json> found =
        scrubs.at("scrubs").items().stream()
            .filter(it -> it.at("path").text().equals(path))
            .toList();
    return found.isEmpty() ? "-" : Figures.share(found.getFirst().at("done").real(), 1);
  }
}
