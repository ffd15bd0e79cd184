package oca.operate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Kernel settings that matter to somebody who sends much to many.
 *
 * <pre>
 * net.core.somaxconn               4096 at least    connections that wait to be accepted
 * net.ipv4.tcp_max_syn_backlog     4096 at least    and those that are being made
 * net.core.netdev_max_backlog      4096 at least    packets that wait for a processor
 * net.core.rmem_max, wmem_max      16 MiB at least  what a socket may ask for
 * net.ipv4.tcp_rmem, tcp_wmem      16 MiB at most end   1 Gb/s over 130 ms needs 16 MB under way
 * net.ipv4.tcp_slow_start_after_idle   0            players pause between segments
 * net.ipv4.tcp_mtu_probing         1 at least       networks that swallow ICMP
 * net.ipv4.tcp_congestion_control  bbr              loss on the last mile is no congestion
 * net.core.default_qdisc           fq               paces what bbr sends
 * vm.swappiness                    10 at most       content is what memory is for, not swap
 * vm.max_map_count                 65530 at least   the index maps its files
 * vm.dirty_background_ratio        10 at most       fills are written as they come, not at once
 * transparent_hugepage/enabled     madvise or never the JVM asks for what it wants
 * </pre>
 */
final class KernelCheck implements Check {
  private static final long MANY = 4096;
  private static final long LARGE = 16L << 20;

  /**
   * A setting that is a number.
   *
   * @param isLeast whether {@code bound} is the least, rather than the most that is good
   */
  private record Knob(String name, boolean isLeast, long bound, String why) {}

  private static final List<Knob> KNOBS =
      List.of(
          new Knob("net.core.somaxconn", true, MANY, "connections wait to be accepted"),
          new Knob("net.ipv4.tcp_max_syn_backlog", true, MANY, "connections are being made"),
          new Knob("net.core.netdev_max_backlog", true, MANY, "packets wait for a processor"),
          new Knob("net.core.rmem_max", true, LARGE, "fills come from far away"),
          new Knob("net.core.wmem_max", true, LARGE, "viewers are far away"),
          new Knob("net.ipv4.tcp_rmem", true, LARGE, "fills come from far away"),
          new Knob("net.ipv4.tcp_wmem", true, LARGE, "viewers are far away"),
          new Knob(
              "net.ipv4.tcp_slow_start_after_idle", false, 0, "players pause between segments"),
          new Knob("net.ipv4.tcp_mtu_probing", true, 1, "some networks swallow ICMP"),
          new Knob("vm.swappiness", false, 10, "memory is for content"),
          new Knob("vm.max_map_count", true, 65_530, "the index maps its files"),
          new Knob("vm.dirty_background_ratio", false, 10, "fills are written as they come"));

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> found = new ArrayList<>();
    KNOBS.forEach(knob -> found.add(look(machine, knob)));
    found.add(bbr(machine));
    found.add(
        word(machine, "net.core.default_qdisc", List.of("fq"), "sysctl net.core.default_qdisc=fq"));
    found.add(hugePages(machine));
    return found;
  }

  private static Finding look(Machine machine, Knob knob) {
    Optional<Long> is = machine.number(file(knob.name()));
    if (is.isEmpty()) {
      return Finding.warn(knob.name(), "cannot be read here", "see it on the host");
    }
    boolean isGood = knob.isLeast() ? is.get() >= knob.bound() : is.get() <= knob.bound();
    String setting =
        knob.name().endsWith("mem") ? "\"4096 131072 " + knob.bound() + "\"" : "" + knob.bound();
    return isGood
        ? Finding.ok(knob.name(), is.get().toString())
        : Finding.warn(
            knob.name(),
            String.format(
                Locale.ROOT,
                "%d, should be %d or %s: %s",
                is.get(),
                knob.bound(),
                knob.isLeast() ? "more" : "less",
                knob.why()),
            "sysctl -w " + knob.name() + "=" + setting);
  }

  private static Finding bbr(Machine machine) {
    String name = "net.ipv4.tcp_congestion_control";
    String is = machine.text(file(name)).orElse("");
    String others = machine.text("/proc/sys/net/ipv4/tcp_available_congestion_control").orElse("");
    if (is.equals("bbr")) {
      return Finding.ok(name, is);
    }
    return Finding.warn(
        name,
        (is.isEmpty() ? "cannot be read here" : is) + ", should be bbr",
        (others.contains("bbr") ? "" : "modprobe tcp_bbr; ") + "sysctl -w " + name + "=bbr");
  }

  private static Finding word(Machine machine, String name, List<String> good, String fix) {
    String is = machine.text(file(name)).orElse("");
    return good.contains(is)
        ? Finding.ok(name, is)
        : Finding.warn(
            name,
            (is.isEmpty() ? "cannot be read here" : is) + ", should be " + String.join(", ", good),
            fix);
  }

  private static Finding hugePages(Machine machine) {
    String name = "transparent_hugepage";
    String text = machine.text("/sys/kernel/mm/" + name + "/enabled").orElse("");
    int from = text.indexOf('[');
    int to = text.indexOf(']');
    String is = from < 0 || to < from ? "" : text.substring(from + 1, to);
    return is.equals("always")
        ? Finding.warn(
            name,
            "always: memory of the JVM grows without need, and stands still to be put in order",
            "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
        : Finding.ok(name, is.isEmpty() ? "not there" : is);
  }

  private static String file(String name) {
    return "/proc/sys/" + name.replace('.', '/');
  }
}
