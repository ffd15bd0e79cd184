package oca.operate;

import java.util.List;
import java.util.Optional;

/** Whether somebody keeps the clock: tokens, certificates and windows go by it. */
final class ClockCheck implements Check {
  private static final double MOST_SECONDS = 0.5;
  private static final int OFFSET = 4;

  @Override
  public List<Finding> look(Machine machine) {
    Optional<String> chrony = machine.shell().run(List.of("chronyc", "-c", "tracking"));
    if (chrony.isPresent()) {
      return List.of(chrony(chrony.get()));
    }
    Optional<String> systemd =
        machine.shell().run(List.of("timedatectl", "show", "-p", "NTPSynchronized", "--value"));
    return List.of(
        systemd.isEmpty()
            ? Finding.warn(
                "clock",
                "nobody tells whether it is kept",
                "install chrony: systemctl enable --now chronyd")
            : systemd.get().strip().equals("yes")
                ? Finding.ok("clock", "it is kept")
                : Finding.fail(
                    "clock", "it is not kept", "systemctl enable --now chronyd; chronyc sources"));
  }

  /** Fields of tracking: reference, name, stratum, time, offset now in seconds, ... */
  private static Finding chrony(String line) {
    String[] fields = line.strip().split(",", -1);
    if (fields.length <= OFFSET || fields[2].equals("0")) {
      return Finding.fail("clock", "chrony has no source", "chronyc sources");
    }
    double off;
    try {
      off = Math.abs(Double.parseDouble(fields[OFFSET]));
    } catch (NumberFormatException e) {
      return Finding.warn("clock", "chrony says: " + line.strip(), "chronyc tracking");
    }
    String what = "kept by " + fields[1] + ", off by " + Figures.micros(Math.round(off * 1e6));
    return off > MOST_SECONDS
        ? Finding.fail("clock", what, "chronyc makestep")
        : Finding.ok("clock", what);
  }
}
