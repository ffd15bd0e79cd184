package oca.bench.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Where figures come from.
 *
 * @param cpu the processor's model
 * @param cores that there are
 * @param kernel its release
 * @param memoryGiB of the machine
 * @param jdk version and vendor
 * @param netty its version
 * @param nginx its version, or why there is none
 * @param openssl its version, of the client and of nginx
 */
public record Machine(
    String cpu,
    int cores,
    String kernel,
    long memoryGiB,
    String jdk,
    String netty,
    String nginx,
    String openssl) {

  /** This one, by what its files and programs say. */
  public static Machine here() throws IOException {
    return new Machine(
        field("/proc/cpuinfo", "model name"),
        coreCount(),
        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
        Long.parseLong(field("/proc/meminfo", "MemTotal").replace(" kB", "")) >> 20,
        System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor"),
        io.netty.util.Version.identify().values().stream()
            .findFirst()
            .map(io.netty.util.Version::artifactVersion)
            .orElse("unknown"),
        nginxVersion(),
        said("openssl", "version"));
  }

  /** The load averages, as the system words them. */
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).strip();
  }

  /** All cores, also those that this process may not use. */
  private static int coreCount() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return (int) lines.filter(line -> line.startsWith("processor")).count();
    }
  }

  private static String nginxVersion() {
    try {
      return said(Nginx.binary(), "-v").replace("nginx version: ", "");
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static String said(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.strip();
    } catch (IOException e) {
      return "not installed";
    }
  }

  private static String field(String file, String name) throws IOException {
    List<String> lines = Files.readAllLines(Path.of(file));
    return lines.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT)))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
