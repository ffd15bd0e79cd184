package oca.operate;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import oca.operate.Finding.Level;
import oca.protocol.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code oca doctor}: examines the machine. */
@Command(
    name = "doctor",
    description = {
      "Examine this machine: limits, kernel settings, memory, disks, network, clock, names,"
          + " certificates, routes; tells of each OK, WARN or FAIL, and what to do.",
      "Changes nothing. Exits 1 when something failed, with --strict also when something is to be"
          + " warned of."
    })
public final class DoctorCommand implements Callable<Integer> {
  private final @Nullable Machine other;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private SteeringOptions steering = new SteeringOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "a process's configuration, known by how its name begins (appliance, fill, steering,"
              + " origin); may be given again; default: those in /etc/oca")
  private List<Path> configs = List.of();

  @Option(names = "--strict", description = "exit with 1 for warnings too")
  private boolean strict;

  @Option(names = "--all", description = "tell what is as it should be, too")
  private boolean all;

  public DoctorCommand() {
    this(null);
  }

  /** Examines another machine than this one. */
  DoctorCommand(@Nullable Machine other) {
    this.other = other;
  }

  @Override
  public Integer call() throws IOException {
    Machine given = other;
    List<Finding> findings = given == null ? examine(admin, steering, configs) : examine(given);
    boolean isFailed = findings.stream().anyMatch(it -> it.level() == Level.FAIL);
    boolean isWarned = findings.stream().anyMatch(it -> it.level() == Level.WARN);
    if (output.isJson()) {
      output.print(json(findings));
    } else {
      show(findings);
    }
    return isFailed || (strict && isWarned) ? Exit.ATTENTION : Exit.GOOD;
  }

  /** All that is found on this machine. */
  static List<Finding> examine(AdminOptions admin, SteeringOptions steering, List<Path> configs)
      throws IOException {
    Machine machine =
        new Machine(
            Path.of("/"),
            Shell.system(Duration.ofSeconds(5)),
            InetAddress::getAllByName,
            Instant.now(),
            Configs.read(configs, System.getenv()),
            asked(admin.door(), "/v1/status"),
            asked(steering.door(Duration.ofSeconds(2)), "/v1/routes/views?limit=1000"));
    return examine(machine);
  }

  /** The failures first, then the warnings, each in the order of the checks. */
  static List<Finding> examine(Machine machine) {
    List<Finding> found = new ArrayList<>();
    Check.ALL.forEach(check -> found.addAll(check.look(machine)));
    found.sort((a, b) -> b.level().compareTo(a.level()));
    return found;
  }

  /** Nothing when it does not answer: it may not be of this machine. */
  private static Json asked(Door door, String target) {
    try {
      return door.get(target);
    } catch (IOException e) {
      return Json.NONE;
    }
  }

  static Json json(List<Finding> findings) {
    Map<String, Object> answer = new LinkedHashMap<>();
    for (Level level : Level.values()) {
      answer.put(level.name().toLowerCase(java.util.Locale.ROOT), count(findings, level));
    }
    answer.put("findings", Finding.json(findings));
    return Json.of(answer);
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(it -> it.level() == level).count();
  }

  private void show(List<Finding> findings) {
    Page page = output.page();
    findings.stream().filter(it -> all || it.level() != Level.OK).forEach(page::finding);
    output
        .out()
        .printf(
            "%d failed, %d warnings, %d as they should be%s%n",
            count(findings, Level.FAIL),
            count(findings, Level.WARN),
            count(findings, Level.OK),
            all ? "" : " (--all tells them)");
    output.out().flush();
  }
}
