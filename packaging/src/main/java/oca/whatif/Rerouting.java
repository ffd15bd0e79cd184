package oca.whatif;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import oca.fill.causes.Attribution;
import oca.fill.causes.Labelled;
import oca.fill.causes.Rules;
import oca.fill.causes.Served;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecord.Named;
import oca.protocol.SteeringRecord.Passed;
import oca.protocol.SteeringRecords;
import oca.steering.records.Replay.Pair;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as they were served, and from where they would have come under a change: each response is
 * held to the answer that it came of, and follows the one that the same question gets now. Why
 * bytes do not come from the nearest site is told by the join that labels what was served, for both
 * alike. For one thread.
 *
 * <p>A response goes to the first appliance that is named now when it came from the first one named
 * then, or from a site that is gone; else it stays, since the player went its own way already.
 */
public final class Rerouting implements Consumer<Pair> {
  /** What the origin is called among servers. */
  public static final String ORIGIN = "origin";

  private static final ApplianceId ORIGIN_ID = new ApplianceId(ORIGIN);
  private static final ApplianceId STEERING = new ApplianceId("steering");
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int BATCH = 1000;

  private final Set<SiteId> gone;
  private final Span span;
  private final Duration skew;
  private final int most;
  private final Rules rules;
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Heard> heard = new ArrayList<>();
  private final Map<ApplianceId, SiteId> sites = new HashMap<>();
  private final Map<ContentId, String> titles = new HashMap<>();
  private long left;

  private record Heard(ApplianceId server, ServeRecord record) {
    Instant begun() {
      return record.at().minus(record.micros(), ChronoUnit.MICROS);
    }
  }

  /**
   * Bytes by a name: a site, or a label.
   *
   * @param then as they were
   * @param now as they would be
   */
  public record Row(String name, long then, long now) {}

  /**
   * All of it.
   *
   * @param answers in the span
   * @param responses that came of them
   * @param bytes of these
   * @param others bytes of responses that no answer in the span is known for
   * @param left answers and responses for which there was no room
   * @param sites bytes by the site that they come from, the origin among them
   * @param labels bytes by cause
   */
  public record Sum(
      long answers,
      long responses,
      long bytes,
      long others,
      long left,
      List<Row> sites,
      List<Row> labels) {
    public Sum {
      sites = List.copyOf(sites);
      labels = List.copyOf(labels);
    }
  }

  /**
   * Nothing yet.
   *
   * @param gone sites that serve nobody now
   * @param span answers that were given in it are taken, and responses that were begun in it
   * @param skew by so much the clocks of steering and servers may differ
   * @param most answers and responses kept, each; more are counted and left out
   */
  public Rerouting(Set<SiteId> gone, Span span, Duration skew, int most) {
    this.gone = Set.copyOf(gone);
    this.span = span;
    this.skew = skew;
    this.most = most;
    this.rules = new Rules(WINDOW, Duration.ofSeconds(90), GRACE, skew, most, most, 10);
  }

  /** Takes an answer and what it would be now. */
  @Override
  public void accept(Pair pair) {
    SteeringRecord then = pair.then();
    if (!span.has(then.at())) {
      return;
    }
    if (pairs.size() >= most) {
      left++;
      return;
    }
    pairs.add(pair);
    then.chosen().forEach(named -> sites.put(named.appliance(), named.site()));
    for (Passed passed : then.passed()) {
      sites.put(passed.appliance(), passed.site());
    }
    pair.now().chosen().forEach(named -> sites.put(named.appliance(), named.site()));
    if (then.file() == null && titles.size() < most) {
      pair.files().forEach(file -> titles.put(file, then.key()));
    }
  }

  /**
   * Takes a response.
   *
   * @param server who sent it; {@code origin} is the origin
   */
  public void response(ApplianceId server, ServeRecord record) {
    Heard one = new Heard(server, record);
    // What was asked for at another time came of other answers.
    if (record.bodyBytes() < 0 || record.micros() < 0 || !span.has(one.begun())) {
      return;
    }
    if (heard.size() >= most) {
      left++;
      return;
    }
    heard.add(one);
  }

  /** What comes of all that was taken. */
  public Sum sum() {
    Map<String, List<Pair>> byViewer = byViewer();
    List<Served> then = new ArrayList<>();
    List<Served> now = new ArrayList<>();
    Map<String, long[]> bySite = new TreeMap<>();
    long bytes = 0;
    long others = 0;
    for (Heard one : heard) {
      Pair pair = answerOf(one, byViewer);
      long length = one.record().bodyBytes();
      if (pair == null) {
        others += length;
        continue;
      }
      ApplianceId moved = server(one.server(), pair);
      then.add(served(one.server(), one.record()));
      now.add(served(moved, one.record()));
      bySite.computeIfAbsent(place(one.server()), _ -> new long[2])[0] += length;
      bySite.computeIfAbsent(place(moved), _ -> new long[2])[1] += length;
      bytes += length;
    }
    Map<String, long[]> byLabel = new TreeMap<>();
    label(pairs.stream().map(Pair::then).toList(), then, byLabel, 0);
    label(pairs.stream().map(Pair::now).toList(), now, byLabel, 1);
    return new Sum(pairs.size(), then.size(), bytes, others, left, rows(bySite), rows(byLabel));
  }

  /** Answers by who asked for what, oldest first. */
  private Map<String, List<Pair>> byViewer() {
    pairs.sort(Comparator.comparing(pair -> pair.then().at()));
    Map<String, List<Pair>> byViewer = new HashMap<>();
    for (Pair pair : pairs) {
      SteeringRecord then = pair.then();
      String group = group(then);
      put(byViewer, key(group, "network", then.client()), pair);
      if (then.session() != null) {
        put(byViewer, key(group, "session", then.session()), pair);
      }
    }
    return byViewer;
  }

  private static void put(Map<String, List<Pair>> byViewer, String key, Pair pair) {
    byViewer.computeIfAbsent(key, _ -> new ArrayList<>()).add(pair);
  }

  private static String key(String group, String kind, String viewer) {
    return group + '\u0000' + kind + '\u0000' + viewer;
  }

  /** The newest before it that is in force and names its server; else the newest before it. */
  private @Nullable Pair answerOf(Heard one, Map<String, List<Pair>> byViewer) {
    Instant latest = one.begun().plus(skew);
    Instant oldest = one.begun().minus(WINDOW);
    Pair newest = null;
    for (Pair pair : answersFor(one, byViewer).reversed()) {
      SteeringRecord answer = pair.then();
      if (answer.at().isAfter(latest)) {
        continue;
      }
      if (answer.at().isBefore(oldest)) {
        break;
      }
      newest = newest == null ? pair : newest;
      Instant end = answer.at().plusSeconds(answer.ttlSeconds()).plus(GRACE);
      if (one.begun().isAfter(end)) {
        break;
      }
      if (names(answer, one.server())) {
        return pair;
      }
    }
    return newest;
  }

  private List<Pair> answersFor(Heard one, Map<String, List<Pair>> byViewer) {
    String group = group(one.record().file());
    var playback = one.record().playback();
    String session = playback == null ? null : playback.session();
    List<Pair> own = session == null ? null : byViewer.get(key(group, "session", session));
    return own != null
        ? own
        : byViewer.getOrDefault(key(group, "network", one.record().client()), List.of());
  }

  /** Who would have sent what that server sent upon that answer. */
  private ApplianceId server(ApplianceId server, Pair pair) {
    SiteId site = sites.get(server);
    boolean isGone = site != null && gone.contains(site);
    if (!isGone && !server.equals(first(pair.then(), Set.of()))) {
      return server;
    }
    return first(pair.now(), gone);
  }

  private static ApplianceId first(SteeringRecord answer, Set<SiteId> without) {
    for (Named named : answer.chosen()) {
      if (!without.contains(named.site())) {
        return named.appliance();
      }
    }
    return ORIGIN_ID;
  }

  private static boolean names(SteeringRecord answer, ApplianceId server) {
    return answer.chosen().stream().anyMatch(named -> named.appliance().equals(server));
  }

  private Served served(ApplianceId server, ServeRecord record) {
    boolean origin = server.equals(ORIGIN_ID);
    return new Served(
        server, origin ? null : sites.get(server), origin, group(record.file()), record);
  }

  private String place(ApplianceId server) {
    SiteId site = sites.get(server);
    return server.equals(ORIGIN_ID) ? ORIGIN : site == null ? "unknown" : site.value();
  }

  private String group(SteeringRecord answer) {
    return answer.file() == null ? answer.key() : group(answer.file());
  }

  private String group(ContentId file) {
    return titles.getOrDefault(file, file.toString());
  }

  private void label(
      List<SteeringRecord> answers, List<Served> responses, Map<String, long[]> sums, int which) {
    Attribution join = new Attribution(rules);
    long number = 0;
    for (int from = 0; from < answers.size(); from += BATCH) {
      List<SteeringRecord> part = answers.subList(from, Math.min(answers.size(), from + BATCH));
      join.take(
          new SteeringRecords(STEERING, "replayed", ++number, 0, part),
          this::group,
          part.getLast().at());
    }
    Instant last =
        responses.stream()
            .map(it -> it.record().at())
            .max(Instant::compareTo)
            .orElse(Instant.EPOCH);
    join.take(ORIGIN_ID, "replayed", 1, 0, responses, last);
    for (Labelled one : join.finish()) {
      sums.computeIfAbsent(one.label().label(), _ -> new long[2])[which] +=
          one.served().record().bodyBytes();
    }
  }

  private static List<Row> rows(Map<String, long[]> sums) {
    List<Row> rows = new ArrayList<>();
    sums.forEach((name, both) -> rows.add(new Row(name, both[0], both[1])));
    return rows;
  }
}
