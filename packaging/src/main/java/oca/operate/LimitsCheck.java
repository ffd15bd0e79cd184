package oca.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.protocol.Json;

/** Open files that the appliance may have, and how it talks to the kernel. */
final class LimitsCheck implements Check {
  /** Each viewer's connection and each open file of the store takes one; some for the rest. */
  private static final long SPARE = 1024;

  private static final long USUAL = 65_536;
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+|unlimited)");

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> found = new ArrayList<>();
    Json status = machine.appliance();
    String pid = status.at("run", "pid").text();
    String whose = pid.isEmpty() ? "a command like this one" : "the appliance (" + pid + ")";
    Optional<String> limits = machine.text("/proc/" + (pid.isEmpty() ? "self" : pid) + "/limits");
    Matcher matcher = OPEN_FILES.matcher(limits.orElse(""));
    long wanted = status.isThere() ? status.at("connectionLimit").number() * 2 + SPARE : USUAL;
    if (!matcher.find()) {
      found.add(Finding.warn("open files", "the limit cannot be read", "run it as root"));
    } else if (matcher.group(1).equals("unlimited") || Long.parseLong(matcher.group(1)) >= wanted) {
      found.add(Finding.ok("open files", whose + " may have " + matcher.group(1)));
    } else {
      found.add(
          Finding.warn(
              "open files",
              whose + " may have " + matcher.group(1) + ", wanted are " + wanted,
              "LimitNOFILE=1048576 in the unit (the shipped one has it)"));
    }
    if (status.isThere()) {
      String transport = status.at("transport").text();
      found.add(
          transport.equals("nio")
              ? Finding.warn(
                  "transport",
                  "nio: neither io_uring nor epoll could be had",
                  "see the appliance's log at its start; is this Linux on x86-64 or arm64?")
              : Finding.ok("transport", transport));
    }
    machine
        .number("/proc/sys/kernel/io_uring_disabled")
        .ifPresent(
            it ->
                found.add(
                    it == 0
                        ? Finding.ok("io_uring", "allowed")
                        : Finding.warn(
                            "io_uring",
                            "kernel.io_uring_disabled is " + it + ": epoll serves instead",
                            "sysctl kernel.io_uring_disabled=0, if that is your policy")));
    return found;
  }
}
