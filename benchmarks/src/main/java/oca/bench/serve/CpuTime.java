package oca.bench.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** CPU time of processes, threads that ended included, from proc(5). */
public final class CpuTime {
  /** USER_HZ is 100 on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  private CpuTime() {}

  /** User and system time of some processes together, in seconds, to a hundredth each. */
  public static double of(List<Long> processes) throws IOException {
    double seconds = 0;
    for (long process : processes) {
      seconds += of(process);
    }
    return seconds;
  }

  private static double of(long process) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc/" + process + "/stat"));
    } catch (NoSuchFileException e) {
      // One that helped for a while and has ended, as nginx's cache loader does.
      return 0;
    }
    // The second field is a name in brackets that may hold blanks.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_PER_SECOND;
  }
}
