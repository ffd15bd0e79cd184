package oca.server.live;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.config.Default;

/**
 * One live event: its paths and its times.
 *
 * @param id its name, letters, digits, {@code . _ -}; stands for {@code {event}} in the paths
 * @param segments the form of its segments' paths, as {@code
 *     /live/{event}/{rendition}/seg-$Number$.m4s}; also {@code $Number%05d$}, {@code $Time$}, and
 *     {@code $RepresentationID$} for {@code {rendition}}
 * @param manifests its manifests and playlists: paths, with one {@code *} for any characters, or
 *     with {@code {rendition}}
 * @param initSegments its initialization segments, likewise; always inside the window. Both these
 *     go before {@code segments}
 * @param start when its first segment begins
 * @param segmentDuration of each segment, whole milliseconds
 * @param firstNumber of the first segment
 * @param timescale ticks a second in {@code $Time$}
 * @param firstTime {@code $Time$} of the first segment, in ticks. A time must be the first and a
 *     multiple of the duration; where that is no whole number of ticks, within one tick
 * @param window how long a segment can be asked for behind the live edge. It is kept a segment's
 *     duration longer (ISO/IEC 23009-1, A.3.4)
 * @param duration of the whole event; absent, it has no end
 * @param renditions those there are; empty for any
 * @param version part of the key of what is kept
 * @param hold how long a request for the next segment is held open before it gets a 404, counted
 *     from the request or the due time, whichever is later; absent, one segment
 * @param early how much before its nominal end a segment may be there
 * @param late how much after it a segment that the origin lacks is waited for; absent, one segment
 * @param ahead how many behind the very next one are held open as well
 */
public record EventConfig(
    String id,
    String segments,
    List<String> manifests,
    List<String> initSegments,
    Instant start,
    Duration segmentDuration,
    @Default("1") long firstNumber,
    @Default("1") long timescale,
    @Default("0") long firstTime,
    Duration window,
    Optional<Duration> duration,
    List<String> renditions,
    @Default("1") String version,
    Optional<Duration> hold,
    @Default("0ms") Duration early,
    Optional<Duration> late,
    @Default("1") int ahead) {
  private static final int MAX_NAME = 64;
  private static final int MAX_PATTERNS = 64;
  private static final int MAX_RENDITIONS = 256;
  private static final Duration CENTURY = Duration.ofDays(36_500);
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

  public EventConfig {
    manifests = List.copyOf(manifests);
    initSegments = List.copyOf(initSegments);
    renditions = List.copyOf(renditions);
    if (!id.matches("[A-Za-z0-9._-]{1," + MAX_NAME + "}")) {
      throw new IllegalArgumentException(
          "id must be 1 to " + MAX_NAME + " letters, digits, . _ or -, not: " + id);
    }
    checkVersion(version);
    if (start.isBefore(Instant.EPOCH) || start.isAfter(LAST)) {
      throw new IllegalArgumentException("start must be from 1970 to 9998, not " + start);
    }
    within("segmentDuration", segmentDuration, Duration.ofMillis(100), Duration.ofHours(1));
    within("window", window, segmentDuration, CENTURY);
    within("early", early, Duration.ZERO, segmentDuration);
    within("hold", hold.orElse(segmentDuration), Duration.ZERO, Duration.ofHours(1));
    within("late", late.orElse(segmentDuration), Duration.ZERO, Duration.ofHours(1));
    within("duration", duration.orElse(segmentDuration), Duration.ofMillis(1), CENTURY);
    within("firstNumber", firstNumber, 0, PathTemplate.MAX_NUMBER);
    within("firstTime", firstTime, 0, PathTemplate.MAX_NUMBER);
    within("timescale", timescale, 1, 1_000_000_000);
    within("ahead", ahead, 0, 10);
    within("the number of manifests", manifests.size(), 0, MAX_PATTERNS);
    within("the number of initSegments", initSegments.size(), 0, MAX_PATTERNS);
    within("the number of renditions", renditions.size(), 0, MAX_RENDITIONS);
    checkPaths(id, segments, manifests, initSegments, renditions, firstNumber, firstTime);
    checkTicks(segments, id, segmentDuration.toMillis(), timescale);
  }

  /** That a version can stand in a key. */
  static void checkVersion(String version) {
    if (!version.matches("[!-~]{1," + MAX_NAME + "}")) {
      throw new IllegalArgumentException(
          "version must be 1 to " + MAX_NAME + " visible ASCII characters");
    }
  }

  /** All forms that its paths have. */
  List<PathTemplate> templates() {
    List<PathTemplate> all = new ArrayList<>();
    all.addAll(files("manifests", manifests, id));
    all.addAll(files("initSegments", initSegments, id));
    all.add(segmentTemplate());
    return all;
  }

  PathTemplate segmentTemplate() {
    return TemplateSyntax.segments("segments", segments, id);
  }

  static List<PathTemplate> files(String key, List<String> patterns, String id) {
    return patterns.stream().map(it -> TemplateSyntax.files(key, it, id)).toList();
  }

  private static void checkPaths(
      String id,
      String segments,
      List<String> manifests,
      List<String> initSegments,
      List<String> renditions,
      long firstNumber,
      long firstTime) {
    PathTemplate template = TemplateSyntax.segments("segments", segments, id);
    if (!renditions.isEmpty() && !template.hasRendition()) {
      throw new IllegalArgumentException("renditions: segments has no {rendition}: " + segments);
    }
    Set<String> known = new HashSet<>();
    for (String rendition : renditions) {
      boolean isName =
          rendition.matches("[!-~]{1," + PathTemplate.MAX_RENDITION + "}")
              && rendition.indexOf('/') < 0;
      if (!isName || !known.add(rendition)) {
        throw new IllegalArgumentException(
            "renditions: not a name without slash and blank, or given twice: " + rendition);
      }
    }
    List<PathTemplate> files = new ArrayList<>(files("manifests", manifests, id));
    files.addAll(files("initSegments", initSegments, id));
    // Of one number it may be meant so; of two that follow each other it hides the segments.
    long first = template.isOfTimes() ? firstTime : firstNumber;
    String rendition = renditions.isEmpty() ? "a" : renditions.getFirst();
    String one = template.sample(rendition, first + 1);
    String two = template.sample(rendition, first + 2);
    for (PathTemplate file : files) {
      if (file.match(one, known) >= 0 && file.match(two, known) >= 0) {
        throw new IllegalArgumentException(
            file + " takes in segments such as " + one + "; make it narrower");
      }
    }
  }

  private static void checkTicks(String segments, String id, long millis, long timescale) {
    boolean isOfTimes = TemplateSyntax.segments("segments", segments, id).isOfTimes();
    if (isOfTimes && !SegmentClock.canTell(millis, timescale)) {
      throw new IllegalArgumentException(
          "timescale must be larger: "
              + timescale
              + " ticks a second do not tell segments of "
              + millis
              + "ms apart");
    }
  }

  private static void within(String key, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + " must be " + least + " to " + most + ", not " + value);
    }
  }

  private static void within(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          key
              + " must be "
              + least.toMillis()
              + "ms to "
              + most.toMillis()
              + "ms, not "
              + value.toMillis()
              + "ms");
    }
  }
}
