package oca.drill;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import oca.demo.Fleet;
import oca.demo.World;
import oca.model.SiteId;
import oca.protocol.Wire;

/**
 * Has {@code oca whatif} foretell from the records of the viewers before a fault what the loss of a
 * site will do, as an operator would, and holds it against what those during the fault saw. What
 * the causes were then is told by the same command from the records of that time, in which every
 * decision must come out as it was made.
 */
final class Foreteller {
  private static final int PATIENCE_SECONDS = 60;

  /** Processes keep their records here, below {@link Fleet#work}. */
  private static final String RECORDS = "records";

  private final Path home;
  private final Path work;

  /** What {@code oca whatif -o json} tells, as far as drills look. */
  record View(ServedView served) {
    record ServedView(long bytes, List<RowView> sites, List<RowView> labels) {}

    record RowView(String name, long then, long now) {}
  }

  /** Viewers, and when they were there. */
  record Watched(Instant from, Instant to, Sight sight) {}

  /**
   * @param home the folder with {@code jvm.options}
   */
  Foreteller(Path home, Fleet fleet) {
    this.home = home;
    this.work = fleet.work();
  }

  /** YAML to lay over the configuration of a server, so that its records are kept. */
  static String ofServer(String process) {
    return "records: { file: { folder: \"{work}/"
        + RECORDS
        + "/"
        + process
        + "\", interval: 200ms } }\n";
  }

  /** The same of steering. */
  static String ofSteering() {
    return "recording: { to: { file: { folder: \"{work}/"
        + RECORDS
        + "/"
        + Fleet.STEERING
        + "\", interval: 200ms } } }\n";
  }

  /**
   * Compares.
   *
   * @param before viewers without the fault
   * @param during the same during it
   */
  List<Foretold> compare(SiteId lost, Watched before, Watched during)
      throws IOException, InterruptedException {
    View.ServedView foretold = ask(before, List.of("--drop-site", lost.value()));
    View.ServedView found = ask(during, List.of());
    Sight sight = during.sight();
    if (foretold.bytes() == 0 || found.bytes() == 0 || sight.bytes() == 0) {
      throw new IOException("nobody was served once steering knew of the loss");
    }
    List<Foretold> all = new ArrayList<>();
    for (World.Site site : World.SITES) {
      double share = 0;
      for (World.Box box : World.BOXES) {
        share += box.site().equals(site.id()) ? sight.share(box.id().value()) : 0;
      }
      String name = site.id().value();
      all.add(
          new Foretold(
              "bytes from " + name, percent(now(foretold.sites(), name), foretold), 100 * share));
    }
    all.add(
        new Foretold(
            "bytes from the origin",
            percent(now(foretold.sites(), Sight.ORIGIN), foretold),
            100 * sight.originShare()));
    TreeSet<String> labels = new TreeSet<>();
    foretold.labels().stream().filter(row -> row.now() > 0).forEach(row -> labels.add(row.name()));
    found.labels().stream().filter(row -> row.then() > 0).forEach(row -> labels.add(row.name()));
    for (String label : labels) {
      all.add(
          new Foretold(
              "cause " + label,
              percent(now(foretold.labels(), label), foretold),
              percent(then(found.labels(), label), found)));
    }
    return all;
  }

  private static double percent(long bytes, View.ServedView of) {
    return 100.0 * bytes / of.bytes();
  }

  private static long now(List<View.RowView> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).mapToLong(View.RowView::now).sum();
  }

  private static long then(List<View.RowView> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).mapToLong(View.RowView::then).sum();
  }

  private View.ServedView ask(Watched when, List<String> change)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("jvm.options"));
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "oca.cli.Oca", "whatif"));
    Path records = work.resolve(RECORDS);
    command.addAll(List.of("--records", records.resolve(Fleet.STEERING).toString()));
    command.addAll(List.of("--from", when.from().toString(), "--to", when.to().toString()));
    command.addAll(List.of("-o", "json"));
    for (String server : servers()) {
      command.addAll(List.of("--served", server + "=" + records.resolve(server)));
    }
    command.addAll(change);
    Path out = work.resolve("whatif.json");
    Path said = work.resolve("whatif.log");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.to(out.toFile()))
            .redirectError(Redirect.to(said.toFile()))
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("oca whatif did not end within " + PATIENCE_SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "oca whatif "
              + String.join(" ", change)
              + " ended with "
              + process.exitValue()
              + ": "
              + Files.readString(said).strip());
    }
    return Wire.read(Files.readAllBytes(out), View.class).served();
  }

  private static List<String> servers() {
    List<String> servers = new ArrayList<>(List.of(Fleet.ORIGIN));
    World.BOXES.forEach(box -> servers.add(box.id().value()));
    return servers;
  }
}
