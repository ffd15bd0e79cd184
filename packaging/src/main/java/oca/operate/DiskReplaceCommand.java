package oca.operate;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import oca.protocol.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code oca disk replace}: another disk in place of one. */
@Command(
    name = "replace",
    description = {
      "Put another disk into service, move the files of the old one to where there is room, and"
          + " let go of it.",
      "May be broken off anywhere and given again: each step is taken once. A disk that is out of"
          + " service is not waited for, its files come in again by filling."
    })
final class DiskReplaceCommand implements Callable<Integer> {
  private final Watch watch;

  @Mixin private AdminOptions admin = new AdminOptions();
  @Mixin private OutputOptions output = new OutputOptions();
  @Mixin private DiskSize size = new DiskSize();

  @Option(
      names = "--stuck-after",
      paramLabel = "SECONDS",
      description = "give up when the old disk does not get emptier for so long; default 120")
  private int stuckSeconds = 120;

  @Parameters(index = "0", paramLabel = "OLD", description = "as oca disk list names it")
  private String old = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "where the other one is mounted")
  private Path folder = Path.of("");

  DiskReplaceCommand() {
    this(Watch.SYSTEM);
  }

  DiskReplaceCommand(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Integer call() throws Exception {
    Disks disks = new Disks(admin.patientDoor(), output, watch);
    String path = folder.toAbsolutePath().normalize().toString();
    if (path.equals(old)) {
      output
          .err()
          .println(
              "oca disk replace: a disk cannot take its own place while it is in use; oca disk"
                  + " drain, oca disk detach, exchange it, oca disk add");
      output.err().flush();
      return Exit.USAGE;
    }
    try (OnBreak _ = new OnBreak(this::broken)) {
      return replace(disks, path);
    }
  }

  private int replace(Disks disks, String path) throws Exception {
    Optional<Json> before = disks.find(old);
    if (disks.find(path).isEmpty()) {
      if (before.isEmpty()) {
        say("there is no disk " + old + "; oca disk list names them");
        return Exit.ATTENTION;
      }
      disks.add(path, size.capacity(), size.reserve());
    }
    say("1 of 3: " + path + " is in service");
    if (before.isPresent()) {
      if (before.get().at("inService").isTrue()) {
        disks.order("drain", old);
        if (!disks.awaitEmpty(old, Duration.ofSeconds(stuckSeconds))) {
          say("2 of 3: not done; give the same command again, or oca disk detach --force " + old);
          return Exit.ATTENTION;
        }
      }
      say("2 of 3: nothing is to be had from " + old + " any more");
      disks.order("detach", old);
    }
    say("3 of 3: " + old + " can be taken out; change the configuration too");
    disks.show(disks.list(), Json.NONE);
    return Exit.GOOD;
  }

  private void say(String what) {
    output.err().println(what);
    output.err().flush();
  }

  private void broken() {
    say("");
    say("broken off; nothing is lost: give the same command again to go on");
  }
}
