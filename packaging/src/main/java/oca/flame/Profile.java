package oca.flame;

import java.time.Instant;
import java.util.List;

/**
 * What of a recording is shown. Stacks are a tree: a node is a frame called by its parent's; the
 * first node is the root, and parents come before their children.
 *
 * @param begins of the part that is shown
 * @param millis that it lasts
 * @param frames names of frames, each once
 * @param parents of each node; -1 for the root
 * @param names of each node, as positions in {@code frames}
 * @param samples by time, each {@code {millisecond, node, kind}}; see {@link Kind}
 * @param load each {@code {millisecond, per mille of the machine by this process, by all}}
 * @param events what took long, or was noted, by time
 * @param notes what is to be known of the recording, for people
 */
public record Profile(
    Instant begins,
    long millis,
    List<String> frames,
    int[] parents,
    int[] names,
    List<int[]> samples,
    List<int[]> load,
    List<Happening> events,
    List<String> notes) {
  public Profile {
    frames = List.copyOf(frames);
    parents = parents.clone();
    names = names.clone();
    samples = List.copyOf(samples);
    load = List.copyOf(load);
    events = List.copyOf(events);
    notes = List.copyOf(notes);
  }

  /** What a thread was at when it was looked at. */
  public enum Kind {
    /** In Java. */
    JAVA(0),
    /** In native code, and not known to wait there. */
    NATIVE(1),
    /** In a native call that waits for what comes, most of the time. */
    WAITING(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** How it stands in samples and on the page. */
    int code() {
      return code;
    }
  }

  /**
   * Something that took long, or was noted.
   *
   * @param at millisecond of its end
   * @param micros that it took; 0 for a moment
   * @param kind such as {@code GC pause}
   * @param what of it is known
   */
  public record Happening(int at, long micros, String kind, String what) {}

  /** Samples of that kind. */
  public long count(Kind kind) {
    return samples.stream().filter(it -> it[2] == kind.code()).count();
  }
}
