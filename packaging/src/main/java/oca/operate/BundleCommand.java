package oca.operate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import oca.protocol.http.PlainClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca support bundle}: one file with what whoever helps needs to know. */
@Command(
    name = "bundle",
    description = {
      "Write one compressed archive: configurations as they are in force, status and metrics of"
          + " the processes that answer here, the doctor's findings, versions, and recent log.",
      "Secrets are taken out, and no key or token file is opened. READ-ME.txt in it lists what is"
          + " in it and what was left out: look at it before you pass it on."
    })
final class BundleCommand implements Callable<Integer> {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'oca-support-'yyyyMMdd'T'HHmmss'Z.tar.gz'")
          .withZone(ZoneOffset.UTC);
  private static final long MOST_LOG = 8L << 20;
  private static final Duration WAIT = Duration.ofSeconds(5);

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = "--controller",
      paramLabel = "URL",
      defaultValue = "${env:OCA_CONTROLLER:-http://127.0.0.1:8450}",
      description = "the fill controller; default http://127.0.0.1:8450")
  private String controller = "http://127.0.0.1:8450";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "a process's configuration; may be given again; default: those in /etc/oca")
  private List<Path> configs = List.of();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description = "a log of which the last 8 MiB are taken; may be given again")
  private List<Path> logs = List.of();

  @Option(names = "--no-journal", description = "leave out what systemd's journal has of our units")
  private boolean noJournal;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description =
          "where to write it, - for standard output; default oca-support-TIME.tar.gz in this"
              + " folder. A file that is there is not written over")
  private @Nullable String file;

  @Override
  public Integer call() throws Exception {
    Instant now = Instant.now();
    String named = file;
    String name = named == null ? NAME.format(now) : named;
    if (name.equals("-")) {
      gather(System.out, now);
      return Exit.GOOD;
    }
    Path target = Path.of(name);
    String told;
    try (OutputStream out =
        java.nio.channels.Channels.newOutputStream(
            Files.newByteChannel(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))))) {
      told = gather(out, now);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      throw new IOException(target + " is there already; name another by --file", e);
    }
    output.out().print(told);
    output.out().println("written to " + target);
    output.out().flush();
    return Exit.GOOD;
  }

  /** Writes all of it, and says what it was. */
  private String gather(OutputStream to, Instant now) throws IOException {
    try (TarGz archive = new TarGz(to, now)) {
      Bundle bundle = new Bundle(archive, now);
      versions(bundle);
      configs(bundle);
      bundle.ask("appliance/status.json", () -> admin.door().get("/v1/status").pretty());
      bundle.ask("appliance/volumes.json", () -> admin.door().get("/v1/volumes").pretty());
      bundle.ask("appliance/scrub.json", () -> admin.door().get("/v1/scrub").pretty());
      bundle.ask("appliance/flights.json", () -> admin.door().get("/v1/flights").pretty());
      bundle.ask("appliance/metrics.txt", () -> admin.door().text("/metrics"));
      bundle.ask("steering/status.json", () -> steering.door(WAIT).get("/v1/status").pretty());
      bundle.ask("steering/fleet.json", () -> steering.door(WAIT).get("/v1/fleet").pretty());
      bundle.ask(
          "steering/routes.json",
          () -> steering.door(WAIT).get("/v1/routes/views?limit=1000").pretty());
      bundle.ask("steering/metrics.txt", () -> steering.door(WAIT).text("/metrics"));
      bundle.ask("controller/status.json", () -> controller().get("/v1/status").pretty());
      bundle.ask("controller/engine.json", () -> controller().get("/v1/engine").pretty());
      bundle.ask("controller/metrics.txt", () -> controller().text("/metrics"));
      bundle.ask(
          "doctor.json",
          () -> DoctorCommand.json(DoctorCommand.examine(admin, steering, configs)).pretty());
      journal(bundle);
      for (Path log : logs) {
        bundle.ask("log/" + log.getFileName(), () -> tail(log));
      }
      return bundle.end();
    }
  }

  private Door controller() {
    return new Door(new PlainClient(controller, WAIT, Optional.empty()));
  }

  private static void versions(Bundle bundle) throws IOException {
    String version = BundleCommand.class.getPackage().getImplementationVersion();
    bundle.add(
        "versions.txt",
        "oca "
            + (version == null ? "unpackaged" : version)
            + "\nJava "
            + Runtime.version()
            + "\n"
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch")
            + "\n");
    bundle.ask("os-release.txt", () -> Files.readString(Path.of("/etc/os-release")));
    bundle.ask("cmdline.txt", () -> Files.readString(Path.of("/proc/cmdline")));
  }

  private void configs(Bundle bundle) throws IOException {
    for (Configs.Config config : Configs.read(configs, System.getenv()).files()) {
      StringBuilder text = new StringBuilder("# " + config.file() + ", as it is in force\n");
      text.append(config.problem().isEmpty() ? "" : config.problem() + "\n");
      config
          .settings()
          .forEach(
              it ->
                  text.append(it.key())
                      .append(": ")
                      .append(it.value().isEmpty() ? "-" : it.value())
                      .append(" # ")
                      .append(it.origin())
                      .append('\n'));
      bundle.add("config/" + config.file().getFileName(), text.toString());
    }
  }

  private void journal(Bundle bundle) throws IOException {
    if (noJournal) {
      bundle.leaveOut("log/journal.txt", "as was asked for");
      return;
    }
    bundle.ask(
        "log/journal.txt",
        () ->
            Shell.system(Duration.ofSeconds(20))
                .run(List.of("journalctl", "--no-pager", "-n", "5000", "-u", "oca-*"))
                .orElseThrow(() -> new IOException("journalctl does not tell")));
  }

  private static String tail(Path log) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      long from = Math.max(0, channel.size() - MOST_LOG);
      channel.position(from);
      byte[] bytes = java.nio.channels.Channels.newInputStream(channel).readNBytes((int) MOST_LOG);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
