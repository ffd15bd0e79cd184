package oca.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ContentId;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DiskStore;
import oca.store.FileLineage;
import oca.store.LineageRun;
import oca.store.Provenance;
import oca.store.RecallStatus;
import oca.store.SourceQuery;
import oca.store.SourceTrace;
import org.jspecify.annotations.Nullable;

/**
 * Where stored bytes came from, and how to take them back.
 *
 * <pre>
 * GET  /v1/lineage?file=F[&amp;range=A-B]           {@link FileAnswer}, 404: F a path or an id
 * GET  /v1/lineage?source=S&amp;from=T[&amp;to=T]     {@link SourceAnswer}: files with blocks from there
 * POST /v1/recalls      {@link RecallMessage}: withdraws them; answers {@link Recall}, after
 *                       {@code lineage.patience} even when it is still under way
 * GET  /v1/recalls      {@link Recalls}
 * </pre>
 *
 * <p>A time is an instant, or such as 24h: so long ago. Without {@code to} it is now. Sources are
 * "origin", or host and port of a peer. A second recall while one is under way is answered with
 * 409. Safe on any thread; blocks on the disks.
 */
final class LineageDesk {
  private static final int LONGEST = 1000;
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})-(\\d{1,18})?");

  private final DiskStore store;
  private final Supplier<LineageConfig> config;
  private final InstantSource clock;

  LineageDesk(DiskStore store, Supplier<LineageConfig> config, InstantSource clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Bytes that came from one place in one session.
   *
   * @param firstByte in the file
   * @param lastByte in the file
   * @param source "origin", host and port of a peer, "several" of which it is not known which, or
   *     "unknown"
   * @param fetchedAt when the session began to fetch from there; null when not known
   * @param verifiedAt when the oldest of them were last compared with their checksums
   * @param job of the controller's, 0 for none
   * @param generation of the writer, 0 for one without a grant
   * @param plan the manifest that wanted the file, 0 for none
   */
  record Run(
      long firstByte,
      long lastByte,
      String source,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant fetchedAt,
      Instant verifiedAt,
      long job,
      long generation,
      long plan) {}

  /**
   * Where a file came from.
   *
   * @param state whole, filling or partial
   * @param presentBytes of it that are here
   * @param runs in order
   * @param left runs that there was no room for
   */
  record FileAnswer(
      ContentId file, long length, String state, long presentBytes, List<Run> runs, long left) {}

  /** A file with bytes from a source. */
  record Traced(ContentId file, long length, String state, long blocks, long bytes) {}

  /**
   * What came from a source in a time.
   *
   * @param uncertainBlocks blocks, of all files looked at, of which it is not known any more where
   *     they came from
   * @param read files looked at
   * @param unread files that a disk did not let be read
   * @param complete whether all files were looked at
   * @param listed the first of them
   * @param left files that there was no room for
   */
  record SourceAnswer(
      String source,
      Instant from,
      Instant to,
      boolean uncertain,
      long files,
      long blocks,
      long bytes,
      long uncertainBlocks,
      long read,
      long unread,
      boolean complete,
      List<Traced> listed,
      long left) {}

  /**
   * An order to withdraw what came from a source in a time.
   *
   * @param from an instant, or such as 24h
   * @param to the same; null for now
   * @param who gives it
   * @param why it is given
   * @param uncertain whether blocks go too of which it is not known where they came from
   * @param dryRun whether they are only counted: answers {@link SourceAnswer}
   */
  record RecallMessage(
      String source,
      String from,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String to,
      String who,
      String why,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean uncertain,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean dryRun) {}

  /**
   * A recall.
   *
   * @param running whether files are still being looked at
   * @param files of which blocks were withdrawn
   * @param open folders of volumes on which it is not done, and not served before it is
   */
  record Recall(
      long number,
      String source,
      Instant from,
      Instant to,
      boolean uncertain,
      String who,
      String why,
      Instant at,
      boolean running,
      long read,
      long files,
      long blocks,
      long bytes,
      long unread,
      List<String> open) {}

  /** All that are remembered, the oldest first. */
  record Recalls(List<Recall> recalls) {}

  void addTo(ControlListener listener) {
    listener
        .route("GET", "/v1/lineage", this::lineage)
        .route("GET", "/v1/recalls", _ -> Response.message(recalls()))
        .route("POST", "/v1/recalls", it -> recall(it.message(RecallMessage.class)));
  }

  private Response lineage(Request request) throws IOException {
    Optional<String> file = request.parameter("file");
    Optional<String> source = request.parameter("source");
    if (file.isPresent() == source.isPresent()) {
      throw new IllegalArgumentException("of what? Give either ?file= or ?source= with &from=");
    }
    return file.isPresent()
        ? file(file.get(), request.parameter("range"))
        : Response.message(
            traced(
                query(
                    source.get(),
                    request
                        .parameter("from")
                        .orElseThrow(() -> new IllegalArgumentException("since when? Give &from=")),
                    request.parameter("to").orElse(null),
                    request.parameter("uncertain").filter(it -> it.equals("true")).isPresent())));
  }

  private Recalls recalls() {
    return new Recalls(store.recalls().stream().map(LineageDesk::recall).toList());
  }

  private Response file(String named, Optional<String> range) throws IOException {
    ContentId id =
        named.matches("[0-9a-f]{32}")
            ? ContentId.parse(named)
            : ContentId.ofPath(named.startsWith("/") ? named.substring(1) : named);
    Optional<FileLineage> found = store.trace(new ContentKey(id.high(), id.low()));
    if (found.isEmpty()) {
      return Response.problem(404, "nothing is here of " + named);
    }
    FileLineage file = found.get();
    long first = 0;
    long last = Long.MAX_VALUE;
    if (range.isPresent()) {
      Matcher matcher = RANGE.matcher(range.get());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("range is such as 0-1048575, not " + range.get());
      }
      first = Long.parseLong(matcher.group(1));
      last = matcher.group(2) == null ? last : Long.parseLong(matcher.group(2));
      if (last < first) {
        throw new IllegalArgumentException("range ends before it begins: " + range.get());
      }
    }
    return Response.message(answer(id, file, first, last));
  }

  private FileAnswer answer(ContentId id, FileLineage file, long first, long last) {
    List<Run> runs = new ArrayList<>();
    long present = 0;
    long left = 0;
    for (LineageRun run : file.runs()) {
      long from = Math.max(first, run.from() * file.blockBytes());
      long to =
          Math.min(last, run.from() * file.blockBytes() + file.bytes(run.from(), run.to()) - 1);
      present += file.bytes(run.from(), run.to());
      if (from > to) {
        continue;
      }
      if (runs.size() < config.get().listed()) {
        runs.add(run(run, from, to));
      } else {
        left++;
      }
    }
    return new FileAnswer(id, file.meta().length(), word(file.state()), present, runs, left);
  }

  private static Run run(LineageRun run, long from, long to) {
    Provenance origin = run.provenance();
    return new Run(
        from,
        to,
        origin == null ? "unknown" : origin.source(),
        run.fetchedSecond() == 0 ? null : Instant.ofEpochSecond(run.fetchedSecond()),
        Instant.ofEpochSecond(run.verifiedSecond()),
        origin == null ? 0 : origin.job(),
        origin == null ? 0 : origin.generation(),
        origin == null ? 0 : origin.planVersion());
  }

  private SourceAnswer traced(SourceQuery what) {
    LineageConfig limits = config.get();
    long begun = System.nanoTime();
    long patience = limits.patience().toNanos();
    SourceTrace trace =
        store.trace(what, limits.listed(), () -> System.nanoTime() - begun < patience);
    return new SourceAnswer(
        what.source(),
        Instant.ofEpochSecond(what.fromSecond()),
        Instant.ofEpochSecond(what.toSecond()),
        what.uncertain(),
        trace.files(),
        trace.blocks(),
        trace.bytes(),
        trace.uncertainBlocks(),
        trace.read(),
        trace.unread(),
        trace.complete(),
        trace.listed().stream().map(LineageDesk::traced).toList(),
        trace.files() - trace.listed().size());
  }

  private static Traced traced(SourceTrace.Traced one) {
    ContentMeta meta = one.meta();
    return new Traced(
        new ContentId(meta.key().high(), meta.key().low()),
        meta.length(),
        word(one.state()),
        one.blocks(),
        one.bytes());
  }

  private Response recall(RecallMessage order) throws IOException {
    boolean uncertain = Boolean.TRUE.equals(order.uncertain());
    SourceQuery what = query(order.source(), order.from(), order.to(), uncertain);
    String who = words(order.who(), "who");
    String why = words(order.why(), "why");
    if (Boolean.TRUE.equals(order.dryRun())) {
      return Response.message(traced(what));
    }
    try {
      LineageConfig limits = config.get();
      long number = store.recall(what, who, why, limits.recalls()).order().number();
      boolean _ = store.awaitRecall(number, limits.patience());
      return store.recalls().stream()
          .filter(it -> it.order().number() == number)
          .findFirst()
          .map(it -> Response.message(recall(it)))
          .orElseGet(() -> Response.problem(409, "recall " + number + " is forgotten already"));
    } catch (IllegalStateException e) {
      return Response.problem(409, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; the recall goes on, see /v1/recalls");
    }
  }

  private static Recall recall(RecallStatus status) {
    SourceQuery what = status.order().what();
    return new Recall(
        status.order().number(),
        what.source(),
        Instant.ofEpochSecond(what.fromSecond()),
        Instant.ofEpochSecond(what.toSecond()),
        what.uncertain(),
        status.order().who(),
        status.order().why(),
        Instant.ofEpochSecond(status.order().second()),
        status.running(),
        status.read(),
        status.files(),
        status.blocks(),
        status.bytes(),
        status.unread(),
        status.open());
  }

  private SourceQuery query(String source, String from, @Nullable String to, boolean uncertain) {
    Instant now = clock.instant();
    long first = second(from, "from", now);
    long after = to == null ? now.getEpochSecond() + 1 : second(to, "to", now);
    return new SourceQuery(source, first, after, uncertain);
  }

  private static long second(String text, String name, Instant now) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long number = Long.parseLong(ago.group(1));
      long seconds =
          switch (ago.group(2)) {
            case "s" -> number;
            case "m" -> number * 60;
            case "h" -> number * 3600;
            default -> Duration.ofDays(number).toSeconds();
          };
      return Math.max(0, now.getEpochSecond() - seconds);
    }
    try {
      return Instant.parse(text).getEpochSecond();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          name + " is neither such as 24h nor such as 2026-11-01T12:00:00Z: " + text, e);
    }
  }

  private static String words(String text, String name) {
    String stripped = text.strip();
    if (stripped.isEmpty() || stripped.length() > LONGEST) {
      throw new IllegalArgumentException(
          name + " must be said, in at most " + LONGEST + " characters");
    }
    // It is logged: no line may be forged by it.
    return stripped.replaceAll("\\p{Cntrl}", " ");
  }

  private static String word(FileLineage.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
