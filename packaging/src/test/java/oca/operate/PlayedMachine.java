package oca.operate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import oca.config.Effective.Setting;
import oca.protocol.Json;

/** A machine of files in a folder and programs that say what the test lets them say. */
final class PlayedMachine {
  private final Path root;
  final Map<String, String> programs = new HashMap<>();
  Configs configs = new Configs(List.of());
  Json appliance = Json.NONE;
  Json steering = Json.NONE;

  /** One on which all is as it should be. */
  PlayedMachine(Path root) throws IOException {
    this.root = root;
    sysctl("net.core.somaxconn", "4096");
    sysctl("net.ipv4.tcp_max_syn_backlog", "8192");
    sysctl("net.core.netdev_max_backlog", "5000");
    sysctl("net.core.rmem_max", "16777216");
    sysctl("net.core.wmem_max", "16777216");
    sysctl("net.ipv4.tcp_rmem", "4096\t131072\t16777216");
    sysctl("net.ipv4.tcp_wmem", "4096\t131072\t16777216");
    sysctl("net.ipv4.tcp_slow_start_after_idle", "0");
    sysctl("net.ipv4.tcp_mtu_probing", "1");
    sysctl("vm.swappiness", "1");
    sysctl("vm.max_map_count", "65530");
    sysctl("vm.dirty_background_ratio", "5");
    sysctl("net.ipv4.tcp_congestion_control", "bbr");
    sysctl("net.ipv4.tcp_available_congestion_control", "reno cubic");
    sysctl("net.core.default_qdisc", "fq");
    sysctl("kernel.io_uring_disabled", "0");
    write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
    write("proc/4711/limits", "Max open files            1048576              1048576    files");
    memory(64, 60);
    write(
        "proc/self/mountinfo",
        """
        20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
        36 20 8:17 / /srv/oca/disk1 rw,noatime - xfs /dev/sdb1 rw
        """);
    Files.createDirectories(root.resolve("srv/oca/disk1"));
    write("sys/dev/block/8:17/queue/scheduler", "[mq-deadline] kyber none");
    write("sys/dev/block/8:17/queue/rotational", "1");
    write("sys/class/net/eth0/operstate", "up");
    write("sys/class/net/eth0/device/vendor", "0x15b3");
    write("sys/class/net/eth0/speed", "100000");
    write("sys/class/net/lo/operstate", "unknown");
    programs.put(
        "ethtool -k eth0",
        "scatter-gather: on\ntcp-segmentation-offload: on\ngeneric-receive-offload: on\n");
    programs.put("chronyc -c tracking", "A29FC87B,time.example,3,1.2,0.000012,0,0,0,0,0,0,0,0,N");
    setting("store.volumes[0].path", "/srv/oca/disk1");
    setting("http.listen", "0.0.0.0:80");
    setting("advertise", "cache1.north.example:80");
    appliance =
        Json.of(
            Map.of("run", Map.of("pid", 4711), "transport", "io_uring", "connectionLimit", 10_000));
  }

  void sysctl(String name, String value) throws IOException {
    write("proc/sys/" + name.replace('.', '/'), value);
  }

  void memory(long total, long available) throws IOException {
    write(
        "proc/meminfo",
        """
        MemTotal: %d kB
        MemAvailable: %d kB
        Cached: 2048 kB
        SwapTotal: 100 kB
        SwapFree: 100 kB
        """
            .formatted(total << 20, available << 20));
  }

  void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  void setting(String key, String value) {
    List<Setting> settings = new java.util.ArrayList<>(configs.settings());
    settings.add(new Setting(key, value, "appliance.yaml:1"));
    configs =
        new Configs(
            List.of(
                new Configs.Config(Path.of("/etc/oca/appliance.yaml"), "appliance", settings, "")));
  }

  Machine machine() {
    return new Machine(
        root,
        command -> Optional.ofNullable(programs.get(String.join(" ", command))),
        PlayedMachine::resolve,
        Instant.parse("2026-11-10T20:00:00Z"),
        configs,
        appliance,
        steering);
  }

  private static InetAddress[] resolve(String name) throws IOException {
    if (name.contains("typo")) {
      throw new UnknownHostException(name);
    }
    return new InetAddress[] {InetAddress.getByAddress(name, new byte[] {(byte) 192, 0, 2, 1})};
  }
}
