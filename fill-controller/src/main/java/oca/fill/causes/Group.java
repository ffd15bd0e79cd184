package oca.fill.causes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one title: answers by session, by network and by nearest site, and responses
 * that tell of others. Each list is in the order of event time, whatever the order of arrival. For
 * one thread.
 */
final class Group implements Evidence {
  /** By when they ended, and of the same moment by what they were: any order of arrival is one. */
  private static final Comparator<Served> BY_END =
      Comparator.comparing(Served::ended)
          .thenComparing(
              Served::record,
              Comparator.comparingInt(ServeRecord::status)
                  .thenComparingLong(ServeRecord::firstByte)
                  .thenComparingLong(ServeRecord::bodyBytes)
                  .thenComparingLong(ServeRecord::micros)
                  .thenComparing(ServeRecord::complete));

  /** Answers that are looked at for one response. */
  private static final int RECENT = 256;

  /** Seconds of which one good response of a server is remembered. */
  private static final int STRETCH = 10;

  private final Rules rules;
  private final Map<String, List<SteeringRecord>> bySession = new HashMap<>();
  private final Map<String, List<SteeringRecord>> byNetwork = new HashMap<>();
  private final Map<SiteId, List<SteeringRecord>> bySite = new HashMap<>();
  private final List<SteeringRecord> answers = new ArrayList<>();
  private final Map<ApplianceId, List<Served>> failures = new HashMap<>();
  private final Map<ContentId, List<Served>> good = new HashMap<>();

  Group(Rules rules) {
    this.rules = rules;
  }

  void take(SteeringRecord answer) {
    insert(answers, answer);
    insert(byNetwork.computeIfAbsent(answer.client(), _ -> new ArrayList<>()), answer);
    if (answer.session() != null) {
      insert(bySession.computeIfAbsent(answer.session(), _ -> new ArrayList<>()), answer);
    }
    if (answer.nearest() != null) {
      insert(bySite.computeIfAbsent(answer.nearest(), _ -> new ArrayList<>()), answer);
    }
  }

  /** Remembers a response for what it tells of others; how many more are remembered now. */
  int remember(Served served) {
    if (served.isFailure()) {
      place(failures.computeIfAbsent(served.server(), _ -> new ArrayList<>()), served);
      return 1;
    }
    if (served.site() == null || served.record().bodyBytes() == 0) {
      return 0;
    }
    List<Served> of = good.computeIfAbsent(served.record().file(), _ -> new ArrayList<>());
    // Of a server's within some seconds the first to end says as much as all of them.
    int at = of.size() - 1;
    while (at >= 0 && !isOfOneStretch(of.get(at), served)) {
      at--;
    }
    if (at < 0) {
      place(of, served);
      return 1;
    }
    if (served.ended().isBefore(of.get(at).ended())) {
      of.remove(at);
      place(of, served);
    }
    return 0;
  }

  private static boolean isOfOneStretch(Served one, Served other) {
    return one.server().equals(other.server())
        && one.ended().getEpochSecond() / STRETCH == other.ended().getEpochSecond() / STRETCH;
  }

  Collection<SteeringRecord> answers() {
    return answers;
  }

  List<Served> past() {
    List<Served> past = new ArrayList<>();
    failures.values().forEach(past::addAll);
    good.values().forEach(past::addAll);
    return past;
  }

  boolean isEmpty() {
    return answers.isEmpty() && failures.isEmpty() && good.isEmpty();
  }

  /** How many answers and responses were forgotten. */
  record Forgotten(int answers, int responses) {}

  /** Forgets what no response that may still come has to do with. */
  Forgotten forget(Instant answersBefore, Instant responsesBefore) {
    int before = answers.size();
    answers.removeIf(it -> it.at().isBefore(answersBefore));
    for (Map<?, List<SteeringRecord>> index : List.of(bySession, byNetwork, bySite)) {
      index
          .values()
          .removeIf(
              list -> {
                list.removeIf(it -> it.at().isBefore(answersBefore));
                return list.isEmpty();
              });
    }
    int responses = 0;
    for (Map<?, List<Served>> index : List.of(failures, good)) {
      for (List<Served> list : index.values()) {
        int known = list.size();
        list.removeIf(it -> it.ended().isBefore(responsesBefore));
        responses += known - list.size();
      }
      index.values().removeIf(List::isEmpty);
    }
    return new Forgotten(before - answers.size(), responses);
  }

  @Override
  public List<SteeringRecord> answersFor(Served served) {
    String session = served.session();
    List<SteeringRecord> own = session == null ? null : bySession.get(session);
    if (own != null) {
      List<SteeringRecord> recent = recent(own, served);
      if (!recent.isEmpty()) {
        return recent;
      }
    }
    List<SteeringRecord> network =
        recent(byNetwork.getOrDefault(served.record().client(), List.of()), served);
    return session == null
        ? network
        : network.stream().filter(answer -> isOf(answer, session)).toList();
  }

  private static boolean isOf(SteeringRecord answer, @Nullable String session) {
    return answer.session() == null || answer.session().equals(session);
  }

  /** Those that may have to do with it, the newest first, at most {@value #RECENT}. */
  private List<SteeringRecord> recent(List<SteeringRecord> sorted, Served served) {
    Instant oldest = served.begun().minus(rules.window());
    List<SteeringRecord> found = new ArrayList<>();
    for (int i = firstAfter(sorted, served.begun().plus(rules.skew())) - 1; i >= 0; i--) {
      if (sorted.get(i).at().isBefore(oldest) || found.size() >= RECENT) {
        break;
      }
      found.add(sorted.get(i));
    }
    return found;
  }

  /** The place of the first that is later than the moment. */
  private static int firstAfter(List<SteeringRecord> sorted, Instant moment) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).at().isAfter(moment)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public List<SteeringRecord> answersUpTo(SiteId nearest, Instant moment, int most) {
    List<SteeringRecord> all = bySite.getOrDefault(nearest, List.of());
    int end = firstAfter(all, moment);
    return all.subList(Math.max(0, end - most), end).reversed();
  }

  @Override
  public List<SteeringRecord> answersAfter(SiteId nearest, Instant moment, int most) {
    List<SteeringRecord> all = bySite.getOrDefault(nearest, List.of());
    int from = firstAfter(all, moment);
    return all.subList(from, Math.min(all.size(), from + most));
  }

  @Override
  public List<Served> failures(Served of, ApplianceId server, Instant from, Instant to) {
    return failures.getOrDefault(server, List.of()).stream()
        .filter(it -> !it.ended().isBefore(from) && !it.ended().isAfter(to))
        .filter(
            it ->
                (it.session() != null && of.session() != null)
                    ? it.session().equals(of.session())
                    : it.record().client().equals(of.record().client()))
        .toList();
  }

  @Override
  public boolean servedAround(SiteId site, ContentId file, Instant moment, Duration reach) {
    boolean before = false;
    boolean after = false;
    for (Served one : good.getOrDefault(file, List.of())) {
      boolean near =
          site.equals(one.site())
              && Duration.between(one.ended(), moment).abs().compareTo(reach) <= 0;
      before |= near && one.ended().isBefore(moment);
      after |= near && one.begun().isAfter(moment);
    }
    return before && after;
  }

  private static void insert(List<SteeringRecord> sorted, SteeringRecord answer) {
    int at = sorted.size();
    while (at > 0 && isBefore(answer, sorted.get(at - 1))) {
      at--;
    }
    sorted.add(at, answer);
  }

  /** By time, and of the same moment by number, so that the order of arrival decides nothing. */
  private static boolean isBefore(SteeringRecord one, SteeringRecord other) {
    int order = one.at().compareTo(other.at());
    return order < 0 || (order == 0 && one.number() < other.number());
  }

  private static void place(List<Served> sorted, Served served) {
    int at = sorted.size();
    while (at > 0 && BY_END.compare(served, sorted.get(at - 1)) < 0) {
      at--;
    }
    sorted.add(at, served);
  }
}
