package oca.fill.causes;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import oca.model.ApplianceId;
import oca.protocol.Plausible;
import oca.protocol.ServeRecord;
import oca.protocol.SteeringRecord;
import oca.protocol.SteeringRecords;

/**
 * Joins answers of steering with responses of appliances: each response that was taken comes out
 * exactly once, with one label.
 *
 * <p>By event time: a response waits until {@link Rules#hold} after its end, so that records may
 * come in any order within that time and the labels are the same. One that comes later still is
 * labelled by what is known, and counted as late. A batch that comes twice counts once. What cannot
 * be (negative bytes) is counted and left out; what is from the future is taken as of now. Nothing
 * that is wrong with a record is an exception. For one thread.
 */
public final class Attribution {
  /** What is counted besides labels. */
  public enum Count {
    /** Answers taken. */
    ANSWERS,
    /** Responses taken. */
    RESPONSES,
    /** Their bytes. */
    BYTES,
    /** Batches that came again, and were left out. */
    REPEATED_BATCHES,
    /** Records in those. */
    REPEATED_RECORDS,
    /** Records that cannot be so, and were left out. */
    MALFORMED,
    /** Records from the future, taken as of now. */
    FUTURE,
    /** Responses that came too late to wait for others. */
    LATE,
    /** Responses that were labelled early, because too many waited. */
    EARLY,
    /** Answers beyond the room for them, or older than what they are kept for. */
    ANSWERS_REFUSED,
    /** Responses beyond the room for what tells of others. */
    UNREMEMBERED,
    /** Responses of servers that nobody knows. */
    UNKNOWN_SERVERS,
    /** Records that their senders had to drop. */
    DROPPED_BY_SENDERS;

    /** As it stands in answers and metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** At each full so many seconds of labelled time, what is too old is forgotten. */
  private static final int SWEEP_SECONDS = 30;

  /** For so long, and the hold, a response tells of others: longer than answers are in force. */
  private static final Duration KEPT = Duration.ofMinutes(5);

  private static final Comparator<Served> BY_TIME =
      Comparator.comparing(Served::ended)
          .thenComparing(Served::server)
          .thenComparing(served -> served.record().file().toString())
          .thenComparingLong(served -> served.record().firstByte());

  private final Rules rules;
  private final Sequences sequences;
  private final Map<String, Group> groups = new HashMap<>();
  private final PriorityQueue<Served> waiting = new PriorityQueue<>(BY_TIME);
  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private Instant labelledTo = Instant.EPOCH;
  private Instant swept = Instant.EPOCH;
  private int answers;
  private int past;

  /** Nothing taken yet. */
  public Attribution(Rules rules) {
    this.rules = rules;
    this.sequences = new Sequences(rules.senders());
  }

  /** Goes on from a state. */
  public static Attribution of(Rules rules, JoinState state) {
    Attribution again = new Attribution(rules);
    again.labelledTo = state.labelledTo();
    again.swept = sweepBefore(again.labelledTo);
    again.sequences.restore(state.boots());
    state
        .answers()
        .forEach(
            (group, kept) -> {
              kept.forEach(again.group(group)::take);
              again.answers += kept.size();
            });
    again.waiting.addAll(state.waiting());
    state.past().forEach(again::remember);
    for (Count count : Count.values()) {
      again.count(count, state.counts().getOrDefault(count.label(), 0L));
    }
    return again;
  }

  /**
   * Takes what steering answered.
   *
   * @param group the group of an answer, see {@link Served#group}
   * @param now no record is later than that
   * @return false when the batch was taken before
   */
  public boolean take(SteeringRecords batch, Function<SteeringRecord, String> group, Instant now) {
    if (!isNew(batch.server(), batch.bootId(), batch.sequence(), batch.records().size())) {
      return false;
    }
    count(Count.DROPPED_BY_SENDERS, lost(batch.dropped()));
    for (SteeringRecord record : batch.records()) {
      take(record, group.apply(record), now);
    }
    return true;
  }

  /** Takes one answer, of a batch that did not come before. */
  public void take(SteeringRecord record, String group, Instant now) {
    SteeringRecord answer =
        record.at().isAfter(now.plus(rules.skew())) ? asOf(record, now) : record;
    Instant oldest = now.minus(rules.window()).minus(rules.hold());
    if (!Plausible.isAnswered(answer)) {
      count(Count.MALFORMED, 1);
    } else if (answers >= rules.answers() || answer.at().isBefore(oldest)) {
      count(Count.ANSWERS_REFUSED, 1);
    } else {
      group(group).take(answer);
      answers++;
      count(Count.ANSWERS, 1);
    }
  }

  /**
   * Takes what a server sent.
   *
   * @param dropped records that it had to drop since its last batch
   * @param now no record is later than that
   * @return false when the batch was taken before
   */
  public boolean take(
      ApplianceId server,
      String boot,
      long sequence,
      long dropped,
      List<Served> responses,
      Instant now) {
    if (!isNew(server, boot, sequence, responses.size())) {
      return false;
    }
    count(Count.DROPPED_BY_SENDERS, lost(dropped));
    for (Served response : responses) {
      take(response, now);
    }
    return true;
  }

  /** Takes one response, of a batch that did not come before. */
  public void take(Served response, Instant now) {
    ServeRecord record = response.record();
    if (record.bodyBytes() < 0 || record.micros() < 0 || !Plausible.isServed(record)) {
      count(Count.MALFORMED, 1);
      return;
    }
    Served served = record.at().isAfter(now.plus(rules.skew())) ? asOf(response, now) : response;
    count(Count.RESPONSES, 1);
    count(Count.BYTES, record.bodyBytes());
    if (served.site() == null && !served.origin()) {
      count(Count.UNKNOWN_SERVERS, 1);
    }
    if (served.ended().isBefore(labelledTo)) {
      count(Count.LATE, 1);
    }
    remember(served);
    if (record.bodyBytes() > 0) {
      waiting.add(served);
    }
  }

  /**
   * Labels what has waited long enough.
   *
   * @param now how far time has come; a time before an earlier one changes nothing
   * @return each response once, in the order of their ends
   */
  public List<Labelled> advance(Instant now) {
    Instant due = now.minus(rules.hold());
    Instant to = due.isAfter(labelledTo) ? due : labelledTo;
    List<Labelled> labelled = new ArrayList<>();
    // Labels and sweeps in turn, so that one long step ends where many short ones do.
    for (Served first = waiting.peek();
        first != null && first.ended().isBefore(to);
        first = waiting.peek()) {
      Instant sweep = sweepBefore(first.ended());
      sweep(sweep);
      Instant next = sweep.plusSeconds(SWEEP_SECONDS);
      labelTo(next.isBefore(to) ? next : to, Integer.MAX_VALUE, labelled);
    }
    sweep(sweepBefore(to));
    labelTo(to, rules.waiting(), labelled);
    return labelled;
  }

  private void labelTo(Instant to, int most, List<Labelled> labelled) {
    labelledTo = to.isAfter(labelledTo) ? to : labelledTo;
    while (!waiting.isEmpty()) {
      boolean isDue = waiting.peek().ended().isBefore(labelledTo);
      if (!isDue && waiting.size() <= most) {
        break;
      }
      count(Count.EARLY, isDue ? 0 : 1);
      labelled.add(label(waiting.remove()));
    }
  }

  /** When the first response that waits is due; empty when none does. */
  public Optional<Instant> due() {
    return Optional.ofNullable(waiting.peek()).map(first -> first.ended().plus(rules.hold()));
  }

  /** Whether nothing is known of any group, and nothing waits. Counts and sequences may be. */
  public boolean isEmpty() {
    return groups.isEmpty() && waiting.isEmpty();
  }

  /** Labels all that waits, whatever may still come. */
  public List<Labelled> finish() {
    List<Labelled> labelled = new ArrayList<>();
    while (!waiting.isEmpty()) {
      labelled.add(label(waiting.remove()));
    }
    return labelled;
  }

  private Labelled label(Served served) {
    Group known = groups.get(served.group());
    return new Cause(rules, known == null ? new Group(rules) : known).of(served);
  }

  private void remember(Served served) {
    if (past < rules.waiting()) {
      past += group(served.group()).remember(served);
    } else {
      count(Count.UNREMEMBERED, 1);
    }
  }

  /** Responses without a label yet. */
  public int waiting() {
    return waiting.size();
  }

  /** Their bytes. */
  public long waitingBytes() {
    return waiting.stream().mapToLong(served -> served.record().bodyBytes()).sum();
  }

  /** What was counted since the beginning. */
  public long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** All counts by their labels. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    for (Count count : Count.values()) {
      all.put(count.label(), count(count));
    }
    return all;
  }

  /** All that is known, as a value. */
  public JoinState state() {
    Map<String, List<SteeringRecord>> kept = new TreeMap<>();
    List<Served> past = new ArrayList<>();
    groups.forEach(
        (name, group) -> {
          if (!group.answers().isEmpty()) {
            kept.put(name, List.copyOf(group.answers()));
          }
          past.addAll(group.past());
        });
    return new JoinState(labelledTo, sequences.state(), kept, List.copyOf(waiting), past, counts());
  }

  private static Instant sweepBefore(Instant moment) {
    return Instant.ofEpochSecond(
        Math.floorDiv(moment.getEpochSecond(), (long) SWEEP_SECONDS) * SWEEP_SECONDS);
  }

  /** Forgets what has nothing to do any more with any response that is not late. */
  private void sweep(Instant moment) {
    if (!moment.isAfter(swept)) {
      return;
    }
    swept = moment;
    Instant answersBefore = moment.minus(rules.window());
    Instant responsesBefore = moment.minus(rules.hold()).minus(KEPT);
    groups
        .values()
        .removeIf(
            group -> {
              Group.Forgotten gone = group.forget(answersBefore, responsesBefore);
              answers -= gone.answers();
              past -= gone.responses();
              return group.isEmpty();
            });
  }

  private static long lost(long told) {
    return told <= Plausible.MOST_DROPPED ? Math.max(0, told) : 0;
  }

  private boolean isNew(ApplianceId sender, String boot, long sequence, int records) {
    if (sequences.take(sender.value(), boot, sequence)) {
      return true;
    }
    count(Count.REPEATED_BATCHES, 1);
    count(Count.REPEATED_RECORDS, records);
    return false;
  }

  private Group group(String name) {
    return groups.computeIfAbsent(name, _ -> new Group(rules));
  }

  private void count(Count count, long amount) {
    counts.merge(count, amount, Long::sum);
  }

  private SteeringRecord asOf(SteeringRecord record, Instant now) {
    count(Count.FUTURE, 1);
    return new SteeringRecord(
        now,
        record.number(),
        record.session(),
        record.client(),
        record.network(),
        record.key(),
        record.file(),
        record.nearest(),
        record.chosen(),
        record.passed(),
        record.unlisted(),
        record.ttlSeconds(),
        record.tableMillis(),
        record.frozen(),
        record.version());
  }

  private Served asOf(Served served, Instant now) {
    count(Count.FUTURE, 1);
    ServeRecord said = served.record();
    return new Served(
        served.server(),
        served.site(),
        served.origin(),
        served.group(),
        new ServeRecord(
            now,
            said.file(),
            said.client(),
            said.status(),
            said.firstByte(),
            said.bodyBytes(),
            said.complete(),
            said.micros(),
            said.outcome(),
            said.playback(),
            said.source(),
            said.firstByteMicros()));
  }
}
