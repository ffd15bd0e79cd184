package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes and the kernel hold, from proc(5), in bytes.
 *
 * @param resident pages of the processes that are in memory; shared ones count in each
 * @param proportional the same, where pages that several share are divided among them
 * @param files that they have open, sockets included: a number
 * @param slab the kernel's own objects, of the whole machine
 * @param tcp pages with what TCP has to send or was sent, of the whole machine
 */
record Footprint(long resident, long proportional, long files, long slab, long tcp) {
  private static final long PAGE = 4096;

  static Footprint of(List<Long> processes) throws IOException {
    long resident = 0;
    long proportional = 0;
    for (long process : processes) {
      List<String> lines = Files.readAllLines(Path.of("/proc/" + process + "/smaps_rollup"));
      resident += kilobytes(lines, "Rss:");
      proportional += kilobytes(lines, "Pss:");
    }
    return new Footprint(
        resident,
        proportional,
        files(processes),
        kilobytes(Files.readAllLines(Path.of("/proc/meminfo")), "Slab:"),
        tcpPages(Files.readAllLines(Path.of("/proc/net/sockstat"))) * PAGE);
  }

  /** Resident pages alone, which can be asked for often: no page table is walked. */
  static long resident(List<Long> processes) throws IOException {
    long resident = 0;
    for (long process : processes) {
      resident += kilobytes(Files.readAllLines(Path.of("/proc/" + process + "/status")), "VmRSS:");
    }
    return resident;
  }

  /** Files and sockets that processes have open. */
  static long files(List<Long> processes) throws IOException {
    long files = 0;
    for (long process : processes) {
      try (Stream<Path> open = Files.list(Path.of("/proc/" + process + "/fd"))) {
        files += open.count();
      }
    }
    return files;
  }

  /** A line such as {@code Rss: 1234 kB}, in bytes; 0 when there is none. */
  static long kilobytes(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  /** Of the line {@code TCP: inuse 36 orphan 0 tw 300 alloc 71 mem 5}, the last number. */
  static long tcpPages(List<String> sockstat) {
    return sockstat.stream()
        .filter(line -> line.startsWith("TCP:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(" mem ") + 5).strip()))
        .findFirst()
        .orElse(0);
  }
}
