package oca.fill.plan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import oca.fill.placement.PlacementPlanner;
import oca.fill.placement.PlacementTask;
import oca.fill.publish.ManifestBook;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import oca.model.ApplianceId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;

/** A process of its own that makes plans and puts them in force, one after the other. */
final class ChildApplier implements AutoCloseable {
  static final int APPLIANCES = 40;
  private static final Instant AT = Instant.parse("2026-11-10T20:00:00Z");

  private final Process process;
  private final BufferedReader out;

  private ChildApplier(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildApplier start(Path database) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx128m"));
    command.addAll(Stores.options());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ChildApplier.class.getName(),
            database.toString()));
    return new ChildApplier(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until so many more plans are in force; the newest of them. */
  long awaitMore(int plans) throws IOException {
    long newest = 0;
    for (int i = 0; i < plans; i++) {
      String line = out.readLine();
      if (line == null) {
        throw new IOException("the child ended");
      }
      newest = Long.parseLong(line);
    }
    return newest;
  }

  /** SIGKILL, at whatever it is just doing. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    out.close();
  }

  static ApplianceId appliance(int number) {
    return new ApplianceId("a-%02d".formatted(number));
  }

  /** What a plan of the version has the appliances told: its version is in every manifest. */
  private static List<FillManifest> manifests(long version) {
    List<FillManifest> manifests = new ArrayList<>();
    for (int i = 0; i < APPLIANCES; i++) {
      List<FillManifest.Entry> entries = new ArrayList<>();
      for (int file = 0; file < 50; file++) {
        String path = "v" + version + "/f" + file;
        entries.add(
            new FillManifest.Entry(
                new CatalogEntry(path, "t", 10, "ab".repeat(32), "video/mp4", AT),
                List.of(FillManifest.Source.peer(URI.create("http://origin/" + path)))));
      }
      manifests.add(
          new FillManifest(appliance(i), 0, new FillManifest.FillWindow(AT, AT), version, entries));
    }
    return manifests;
  }

  private static PlanContent content(long version) {
    List<PlacementTask.Room> rooms = new ArrayList<>();
    for (int i = 0; i < APPLIANCES; i++) {
      rooms.add(new PlacementTask.Room(appliance(i), new SiteId("site"), 100));
    }
    PlacementTask task =
        new PlacementTask(
            new PlacementPlanner.Rules(1, 1, 1, 0, 1),
            List.of(),
            rooms,
            List.of(),
            new String[] {"t"},
            new long[] {10},
            new double[0][],
            new int[APPLIANCES][0]);
    return PlanContent.of(version, AT, "1", PlacementPlanner.plan(task));
  }

  /** The child's side. */
  public static void main(String[] args) throws Exception {
    Path database = Path.of(args[0]);
    StateStore store = Stores.open(database);
    PlanBook plans = new PlanBook(store, PlanKey.openOrMake(database.resolveSibling("key")), 3);
    ManifestBook manifests = new ManifestBook(store);
    while (true) {
      PlanContent content = content(plans.next());
      PlanHead head = plans.add(content, PlanSums.of(content), List.of());
      PlanBook.Step step =
          plans.applying(head, AT, plans.applied().map(PlanHead::version).orElse(0L));
      manifests.publish(
          manifests(head.version()),
          connection -> {
            step.write(connection);
            return true;
          });
      step.done();
      System.out.println(head.version());
      System.out.flush();
    }
  }
}
