package oca.flame;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import oca.flame.Profile.Happening;
import oca.flame.Profile.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording of Java's recorder. Of one that was cut off, what is whole is read, and that is
 * noted. Events that are not known are passed over, so that any recording can be shown.
 */
public final class FlightReader {
  private static final int MOST_SAMPLES = 1_000_000;
  private static final int MOST_NODES = 300_000;
  private static final int MOST_EVENTS = 5000;

  private static final Pattern NUMBERED = Pattern.compile("[-_ #]*\\d+(?=$|[-_ #])");

  /** Methods in which a thread is when nothing is to be done, at the top of the stack. */
  private static final Set<String> WAITING =
      Set.of(
          "epollWait",
          "epollWait0",
          "epollBusyWait0",
          "ioUringEnter",
          "wait",
          "wait0",
          "park",
          "poll",
          "poll0",
          "accept",
          "accept0",
          "waitForReferencePendingList",
          "waitForProcessExit0",
          "sleep0",
          "sleepNanos0",
          "waitForConnections",
          "read0",
          "readBytes",
          "recv0");

  /** A time relative to the others. */
  private record Timed<T>(Instant at, T what) {}

  /** What a sample says. */
  private record Look(int node, Kind kind) {}

  private final Stacks stacks = new Stacks(MOST_NODES);
  private final List<Timed<Look>> looks = new ArrayList<>();
  private final List<Timed<int[]>> load = new ArrayList<>();
  private final List<Timed<Happening>> events = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Instant first = Instant.MAX;
  private Instant last = Instant.MIN;

  private FlightReader() {}

  /**
   * Reads a file.
   *
   * @param window so long a part at its end
   * @throws IOException when it is no recording, or nothing of it can be read; the message names it
   */
  public static Profile read(Path file, Duration window) throws IOException {
    FlightReader reader = new FlightReader();
    reader.readAll(file);
    if (reader.last.equals(Instant.MIN)) {
      throw new IOException(file + ": nothing in it that can be shown");
    }
    return reader.profile(window);
  }

  private void readAll(Path file) throws IOException {
    long read = 0;
    try (RecordingFile recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        take(recording.readEvent());
        read++;
      }
    } catch (java.nio.file.NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (IOException | RuntimeException e) {
      if (read == 0) {
        throw new IOException(file + ": not a recording that can be read: " + e.getMessage(), e);
      }
      notes.add("the recording is cut off; what is whole of it is shown");
    }
    if (stacks.isFull()) {
      notes.add("too many different stacks; some are shown without their tops");
    }
    if (looks.size() >= MOST_SAMPLES) {
      notes.add("only the first " + MOST_SAMPLES + " samples are shown");
    }
  }

  private void take(RecordedEvent event) {
    switch (event.getEventType().getName()) {
      case "jdk.CPUTimeSample" -> sample(event, event.getThread("eventThread"), false);
      case "jdk.ExecutionSample" -> sample(event, event.getThread("sampledThread"), false);
      case "jdk.NativeMethodSample" -> sample(event, event.getThread("sampledThread"), true);
      case "jdk.CPULoad" -> load(event);
      case "jdk.GCPhasePause" -> lasting(event, "GC pause", event.getString("name"));
      case "jdk.GarbageCollection" -> {
        String what = event.getString("name") + ", " + event.getString("cause");
        long pauses = event.getDuration("sumOfPauses").toNanos() / 1000;
        happening(event, pauses, "collection", what);
      }
      case "jdk.ExecuteVMOperation" -> lasting(event, "safepoint", event.getString("operation"));
      case "jdk.JavaMonitorEnter" ->
          lasting(event, "lock", event.getClass("monitorClass").getName() + at(event));
      case "jdk.FileRead", "jdk.FileWrite", "jdk.FileForce" ->
          lasting(
              event,
              event.getEventType().getLabel().toLowerCase(Locale.ROOT),
              event.getString("path"));
      case "jdk.VirtualThreadPinned" -> lasting(event, "pinned", at(event));
      case "oca.SlowAnswer" ->
          happening(
              event,
              event.getLong("firstByte"),
              "slow answer",
              event.getInt("status") + " " + event.getString("file"));
      case "oca.DiskWait" ->
          happening(event, event.getLong("waited") / 1000, "disk wait", "an answer stood still");
      case "oca.MissedObjective" -> happening(event, 0, "missed", event.getString("cause"));
      default -> {
        // Settings, heaps and other things that are for other tools.
        return;
      }
    }
  }

  private void seen(Instant at) {
    first = at.isBefore(first) ? at : first;
    last = at.isAfter(last) ? at : last;
  }

  private void lasting(RecordedEvent event, String kind, String what) {
    happening(event, event.getDuration().toNanos() / 1000, kind, what);
  }

  private void happening(RecordedEvent event, long micros, String kind, String what) {
    seen(event.getEndTime());
    events.add(new Timed<>(event.getEndTime(), new Happening(0, micros, kind, what)));
    if (events.size() > 2 * MOST_EVENTS) {
      leaveTheLongest();
    }
  }

  private void leaveTheLongest() {
    if (events.size() > MOST_EVENTS) {
      events.sort(Comparator.comparingLong(it -> -it.what().micros()));
      events.subList(MOST_EVENTS, events.size()).clear();
    }
  }

  private void load(RecordedEvent event) {
    seen(event.getStartTime());
    float process = event.getFloat("jvmUser") + event.getFloat("jvmSystem");
    load.add(
        new Timed<>(
            event.getStartTime(),
            new int[] {0, perMille(process), perMille(event.getFloat("machineTotal"))}));
  }

  private static int perMille(float share) {
    return Math.clamp(Math.round(share * 1000), 0, 1000);
  }

  /**
   * A look at a thread.
   *
   * @param mayWait whether it is looked at whatever it does, and not for processor time that it
   *     used
   */
  private void sample(RecordedEvent event, @Nullable RecordedThread thread, boolean mayWait) {
    RecordedStackTrace trace = event.getStackTrace();
    if (trace == null || trace.getFrames().isEmpty() || looks.size() >= MOST_SAMPLES) {
      return;
    }
    seen(event.getStartTime());
    List<RecordedFrame> frames = trace.getFrames();
    RecordedFrame top = frames.getFirst();
    Kind kind =
        mayWait && WAITING.contains(top.getMethod().getName())
            ? Kind.WAITING
            : "Native".equals(top.getType()) ? Kind.NATIVE : Kind.JAVA;
    int node = stacks.child(stacks.root(), thread(thread));
    for (int i = frames.size() - 1; i >= 0; i--) {
      node = stacks.child(node, name(frames.get(i)));
    }
    looks.add(new Timed<>(event.getStartTime(), new Look(node, kind)));
  }

  /** Threads that do the same have names that differ by numbers. */
  private static String thread(@Nullable RecordedThread thread) {
    String name = thread == null ? null : thread.getJavaName();
    if (name == null || name.isEmpty()) {
      return thread != null && thread.isVirtual() ? "[virtual threads]" : "[threads]";
    }
    return "[" + NUMBERED.matcher(name).replaceAll("") + "]";
  }

  private static String name(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    int hidden = type.indexOf("/0x");
    return (hidden < 0 ? type : type.substring(0, hidden)) + "." + frame.getMethod().getName();
  }

  private static String at(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    return trace == null || trace.getFrames().isEmpty()
        ? ""
        : " at " + name(trace.getFrames().getFirst());
  }

  private Profile profile(Duration window) {
    Instant from = last.minus(window);
    Instant begins = from.isBefore(first) ? first : from;
    leaveTheLongest();
    return new Profile(
        begins,
        Math.max(1, Duration.between(begins, last).toMillis() + 1),
        stacks.frames(),
        stacks.parents(),
        stacks.names(),
        within(begins, looks).stream()
            .map(
                it ->
                    new int[] {millis(begins, it.at()), it.what().node(), it.what().kind().code()})
            .toList(),
        within(begins, load).stream()
            .map(it -> new int[] {millis(begins, it.at()), it.what()[1], it.what()[2]})
            .toList(),
        within(begins, events).stream()
            .map(
                it ->
                    new Happening(
                        millis(begins, it.at()),
                        it.what().micros(),
                        it.what().kind(),
                        it.what().what()))
            .toList(),
        notes);
  }

  private static <T> List<Timed<T>> within(Instant begins, List<Timed<T>> all) {
    return all.stream()
        .filter(it -> !it.at().isBefore(begins))
        .sorted(Comparator.comparing(Timed::at))
        .toList();
  }

  private static int millis(Instant begins, Instant at) {
    return (int) Duration.between(begins, at).toMillis();
  }
}
