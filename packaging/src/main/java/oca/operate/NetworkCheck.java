package oca.operate;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Network interfaces that are there as hardware: speed, work they take over, what they lose. */
final class NetworkCheck implements Check {
  private static final List<String> WANTED =
      List.of(
          "scatter-gather",
          "tcp-segmentation-offload",
          "generic-segmentation-offload",
          "generic-receive-offload");

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> found = new ArrayList<>();
    Path all = machine.root().resolve("sys/class/net");
    try (DirectoryStream<Path> interfaces = Files.newDirectoryStream(all)) {
      for (Path one : interfaces) {
        String state =
            machine.text("/sys/class/net/" + one.getFileName() + "/operstate").orElse("");
        if (Files.exists(one.resolve("device")) && !state.equals("down")) {
          look(machine, String.valueOf(one.getFileName()), found);
        }
      }
    } catch (IOException e) {
      found.add(Finding.warn("network", "cannot be read here", "see it on the host"));
    }
    if (found.isEmpty()) {
      found.add(Finding.ok("network", "no interface of hardware here: nothing to set"));
    }
    return found;
  }

  private static void look(Machine machine, String name, List<Finding> found) {
    String at = "/sys/class/net/" + name + "/";
    machine
        .number(at + "speed")
        .filter(it -> it > 0)
        .ifPresent(it -> found.add(Finding.ok("network", name + " has " + it + " Mb/s")));
    Optional<String> features = machine.shell().run(List.of("ethtool", "-k", name));
    if (features.isEmpty()) {
      found.add(
          Finding.warn(
              "offloads", name + ": ethtool does not tell", "install ethtool, run it as root"));
    } else {
      List<String> off =
          WANTED.stream().filter(it -> features.get().contains(it + ": off")).toList();
      found.add(
          off.isEmpty()
              ? Finding.ok("offloads", name + " has all that are wanted")
              : Finding.warn(
                  "offloads",
                  name + " is without " + String.join(", ", off),
                  "ethtool -K " + name + " sg on tso on gso on gro on"));
    }
    long lost =
        machine.number(at + "statistics/rx_missed_errors").orElse(0L)
            + machine.number(at + "statistics/rx_fifo_errors").orElse(0L);
    if (lost > 0) {
      found.add(
          Finding.warn(
              "network",
              name + " lost " + Figures.count(lost) + " packets for want of room",
              "ethtool -G " + name + " rx MAX (see ethtool -g " + name + ")"));
    }
  }
}
