package oca.flink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import oca.fill.FillConfig;
import oca.fill.causes.Cell;
import oca.fill.causes.Labelled;
import oca.fill.causes.Rules;
import oca.fill.demand.Tally.Amount;
import oca.fill.demand.Tally.Count;
import oca.model.ContentId;

/**
 * The jobs' own classes over a log without a cluster: each sender, file and title by itself, its
 * state written and read again now and then, and looked at when chance says.
 */
final class PlainRun {
  private final FillConfig config;
  private final Rules rules;
  private final Random chance;
  private final Map<String, Sender> senders = new HashMap<>();
  private final Map<ContentId, FileDemand> demands = new HashMap<>();
  private final Map<String, Room> rooms = new HashMap<>();
  private final Map<String, Long> wakes = new HashMap<>();
  private final Answers answers = Answers.none();
  private ApartTable apart = new ApartTable();
  private MissTable misses = MissTable.empty();

  private PlainRun(long seed) throws Exception {
    this.config = new Settings("made", MadeLog.FILL, 1, 1).config();
    this.rules = config.causes().rules();
    this.chance = new Random(seed);
  }

  static Answers take(MadeLog log, long seed) throws Exception {
    PlainRun run = new PlainRun(seed);
    Opening opening = new Opening(run.config, log.watch());
    for (Arrival arrival : log.arrivals) {
      run.wakeAll(arrival.received());
      Sender sender = run.senders.computeIfAbsent(arrival.sender(), _ -> Sender.unknown());
      opening.open(arrival, sender, run.out());
      run.senders.put(arrival.sender(), run.maybe(Forms.SENDER, sender));
    }
    run.wakeAll(Long.MAX_VALUE - 1);
    for (Cell cell : run.misses.saved().cells()) {
      run.answers.misses().put(cell.key(), cell);
    }
    run.tellDemand();
    return run.answers;
  }

  private Opening.Out out() {
    return new Opening.Out() {
      @Override
      public void demand(DemandPart part) {
        ContentId file = part.cell().file();
        FileDemand demand = demands.computeIfAbsent(file, FileDemand::new);
        demand.add(part);
        demands.put(file, maybe(Forms.FILE_DEMAND, demand));
        if (chance.nextInt(20) == 0) {
          tellDemand();
        }
      }

      @Override
      public void apart(DemandPart part) {
        long refused =
            apart.add(part, config.limits().apartRows(), 24L * config.limits().historyDays());
        answers.count(Count.APART_REFUSED.key(), refused);
        apart = maybe(Forms.APART_TABLE, apart);
      }

      @Override
      public void join(Joining joining) {
        Room room = rooms.computeIfAbsent(joining.group(), _ -> Room.empty());
        room.add(joining);
        wakes.merge(joining.group(), Room.after(joining.received()), Math::min);
        rooms.put(joining.group(), maybe(Forms.ROOM, room));
      }

      @Override
      public void count(String name, long by) {
        answers.count(name, by);
      }
    };
  }

  private void tellDemand() {
    for (FileDemand demand : demands.values()) {
      for (DemandSum sum : demand.changed()) {
        answers
            .demand()
            .put(
                sum.file() + " " + sum.region() + " " + sum.hour(),
                new Amount(sum.bytes(), sum.requests()));
      }
    }
  }

  /** Looks at rooms for which it is time; at some later than they wanted, as timers may be. */
  private void wakeAll(long time) {
    boolean end = time == Long.MAX_VALUE - 1;
    for (String group : new ArrayList<>(rooms.keySet())) {
      while (wakes.getOrDefault(group, Long.MAX_VALUE) <= time) {
        if (!end && chance.nextInt(3) == 0) {
          break;
        }
        wake(group, wakes.get(group));
      }
    }
  }

  private void wake(String group, long tick) {
    Room room = rooms.get(group);
    List<Labelled> labelled = room.step(rules, tick);
    for (Labelled one : labelled) {
      Cell cell = Cell.of(one);
      misses.add(cell, config.causes().hours(), config.causes().cells());
      answers.count(Counted.LABELLED, cell.bytes());
    }
    misses = maybe(Forms.MISS_TABLE, misses);
    room.counted(rules).forEach((count, by) -> answers.count(Counted.MISSES + count.label(), by));
    long next = room.next(rules, tick);
    if (next == Long.MAX_VALUE) {
      rooms.remove(group);
      wakes.remove(group);
    } else {
      rooms.put(group, maybe(Forms.ROOM, room));
      wakes.put(group, next);
    }
  }

  private <T> T maybe(Form<T> form, T value) {
    return chance.nextInt(15) == 0 ? form.copy(value) : value;
  }
}
