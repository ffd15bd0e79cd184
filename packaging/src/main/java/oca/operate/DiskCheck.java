package oca.operate;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The file systems and devices that content lies on. */
final class DiskCheck implements Check {
  private static final Set<String> KNOWN = Set.of("xfs", "ext4");
  private static final double LEAST_FREE = 0.005;

  /** A line of /proc/self/mountinfo (proc(5)). */
  private record Mount(String device, String folder, String options, String kind) {}

  @Override
  public List<Finding> look(Machine machine) {
    List<String> volumes = machine.volumes();
    if (volumes.isEmpty()) {
      return List.of(
          Finding.warn("disks", "nobody says where they are", "oca doctor --config FILE"));
    }
    List<Finding> found = new ArrayList<>();
    List<Mount> mounts = mounts(machine);
    for (String volume : volumes) {
      Path folder = machine.root().resolve(volume.substring(1));
      if (!Files.isDirectory(folder)) {
        found.add(Finding.fail("disk", volume + " is not there", "is it mounted?"));
        continue;
      }
      Optional<Mount> mount =
          mounts.stream()
              .filter(it -> Path.of(volume).startsWith(it.folder()))
              .max((a, b) -> Integer.compare(a.folder().length(), b.folder().length()));
      mount.ifPresent(it -> found.add(fileSystem(volume, it)));
      mount.flatMap(it -> scheduler(machine, volume, it)).ifPresent(found::add);
      found.add(room(volume, folder));
    }
    return List.copyOf(found);
  }

  private static List<Mount> mounts(Machine machine) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : machine.text("/proc/self/mountinfo").orElse("").lines().toList()) {
      String[] halves = line.split(" - ", 2);
      String[] before = halves[0].split(" ", -1);
      if (halves.length == 2 && before.length >= 6) {
        mounts.add(
            new Mount(
                before[2],
                before[4].replace("\\040", " "),
                before[5],
                halves[1].split(" ", -1)[0]));
      }
    }
    return mounts;
  }

  private static Finding fileSystem(String volume, Mount mount) {
    String what = volume + " is " + mount.kind() + " (" + mount.options() + ")";
    List<String> options = List.of(mount.options().split(","));
    if (options.contains("ro")) {
      return Finding.fail("file system", what + ": read-only", "see the kernel's log");
    }
    if (!KNOWN.contains(mount.kind())) {
      return Finding.warn("file system", what, "xfs or ext4 are what it is tested on");
    }
    return options.contains("noatime")
        ? Finding.ok("file system", what)
        : Finding.warn("file system", what + ": each read is noted", "mount it with noatime");
  }

  /** A partition has its queue at its disk. */
  private static Optional<Finding> scheduler(Machine machine, String volume, Mount mount) {
    String device = "/sys/dev/block/" + mount.device();
    Optional<String> own = machine.text(device + "/queue/scheduler");
    String at = own.isPresent() ? device : device + "/..";
    String text = own.or(() -> machine.text(device + "/../queue/scheduler")).orElse("");
    int from = text.indexOf('[');
    int to = text.indexOf(']');
    if (from < 0 || to < from) {
      return Optional.empty();
    }
    String is = text.substring(from + 1, to);
    boolean isTurning = machine.number(at + "/queue/rotational").orElse(0L) == 1;
    String good = isTurning ? "mq-deadline" : "none";
    boolean isGood = is.equals(good) || (!isTurning && is.equals("mq-deadline"));
    String what = volume + " has " + is + (isTurning ? ", a turning disk" : ", no turning disk");
    return Optional.of(
        isGood
            ? Finding.ok("disk scheduler", what)
            : Finding.warn(
                "disk scheduler",
                what,
                "echo " + good + " > /sys/dev/block/" + mount.device() + "/queue/scheduler"));
  }

  private static Finding room(String volume, Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      double free = store.getUsableSpace();
      double total = store.getTotalSpace();
      String what =
          "%s: %s of %s are free".formatted(volume, Figures.bytes(free), Figures.bytes(total));
      return free < LEAST_FREE * total
          ? Finding.warn(
              "room", what, "a smaller capacity or a larger reserve; does something else write?")
          : Finding.ok("room", what);
    } catch (IOException e) {
      return Finding.fail("room", volume + ": " + e.getMessage(), "see the kernel's log");
    }
  }
}
