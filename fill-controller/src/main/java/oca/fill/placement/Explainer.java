package oca.fill.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import oca.fill.placement.Explanation.Deciding;
import oca.fill.placement.Explanation.Standing;
import oca.fill.placement.Factor.Value;
import oca.fill.placement.PlacementTask.Room;
import oca.fill.placement.SiteRound.Turn;

/**
 * Says why a unit is on an appliance or is not. Nothing is told that was not tried: the site is
 * placed anew, by the code that placed it, with one factor changed, then with several, until the
 * decision is the opposite; then the change is made as small as it can be.
 */
final class Explainer {
  private static final double PRECISION = 1.001;
  private static final int MAX_STEPS = 80;

  private final SiteTask task;
  private final String name;
  private final int unit;
  private final int room;
  private final SiteRound round;

  Explainer(SiteTask task, String name, int unit, int room) {
    this.task = task;
    this.name = name;
    this.unit = unit;
    this.room = room;
    this.round = SiteRound.of(task, unit);
  }

  Explanation explain() {
    boolean held = round.holds(room, unit);
    List<Deciding> decides = held ? whatWouldRemove() : whatWouldAdd();
    Reason reason = Reason.of(round, unit);
    Room at = task.rooms().get(room);
    return new Explanation(
        name,
        at.appliance(),
        task.site(),
        held,
        reason,
        sentence(held, reason, decides),
        task.bytes()[unit],
        task.demand()[unit],
        task.popularity(unit),
        round.rank[unit],
        task.bytes().length,
        round.ranking.head[unit],
        round.ranking.headUnits,
        round.ranking.wanted[unit],
        copiesWhy(),
        round.placed[unit],
        round.ranking.before[unit],
        task.before().get(room).get(unit),
        task.pins().getOrDefault(unit, 0),
        order(),
        decides);
  }

  private List<Deciding> whatWouldRemove() {
    List<List<Value>> tries = new ArrayList<>();
    if (task.pins().getOrDefault(unit, 0) > 0) {
      tries.add(List.of(new Value(Factor.PINNED_COPIES, 0)));
      tries.add(List.of(new Value(Factor.PINNED_COPIES, 0), new Value(Factor.EXPECTED_BYTES, 0)));
    }
    tries.add(List.of(new Value(Factor.EXPECTED_BYTES, 0)));
    if (task.before().get(room).get(unit)) {
      tries.add(List.of(new Value(Factor.HELD_BEFORE, 0)));
      tries.add(List.of(new Value(Factor.HELD_BEFORE, 0), new Value(Factor.EXPECTED_BYTES, 0)));
    }
    tries.add(List.of(new Value(Factor.CAPACITY_BYTES, 0)));
    return first(tries, false);
  }

  private List<Deciding> whatWouldAdd() {
    double total = 0;
    double best = 0;
    double sizes = task.rooms().get(room).capacityBytes();
    for (int i = 0; i < task.bytes().length; i++) {
      total += task.demand()[i];
      best = Math.max(best, task.popularity(i));
      sizes += task.bytes()[i];
    }
    // More than all others together and, for each byte of it, than any other; enough for any rank.
    double most = 1000 * (total + best * task.bytes()[unit] + Ranking.FAINT_BYTES);
    Value asked = new Value(Factor.EXPECTED_BYTES, most);
    Value room =
        new Value(
            Factor.CAPACITY_BYTES,
            Math.min(0x1p62, Math.ceil(2 * (sizes + 1) / (1 - task.rules().reserve()))));
    int everywhere = Math.max(task.rules().maxCopiesPerSite(), task.rooms().size());
    Value copies = new Value(Factor.MAX_COPIES_PER_SITE, everywhere);
    return first(
        List.of(
            List.of(asked),
            List.of(room),
            List.of(asked, room),
            List.of(asked, copies),
            List.of(asked, room, copies)),
        true);
  }

  /** The first set of changes that turns the decision, each then brought as near as it goes. */
  private List<Deciding> first(List<List<Value>> tries, boolean held) {
    for (List<Value> values : tries) {
      if (isHeld(values) == held) {
        List<Value> nearest = new ArrayList<>(values);
        for (int i = 0; i < nearest.size(); i++) {
          nearest.set(i, nearest(nearest, i, held));
        }
        return nearest.stream().map(this::deciding).toList();
      }
    }
    // All rooms and copies for the most wanted of all units, or no room at all: one of them turns.
    throw new IllegalStateException(
        "nothing decides about " + name + " on " + task.rooms().get(room));
  }

  /** Halves the way between what is and what turns the decision; what it returns was tried. */
  private Value nearest(List<Value> values, int changed, boolean held) {
    Factor factor = values.get(changed).factor();
    double stays = task.value(unit, room, factor);
    double turns = values.get(changed).value();
    boolean whole = factor != Factor.EXPECTED_BYTES;
    for (int step = 0; step < MAX_STEPS; step++) {
      double low = Math.min(stays, turns);
      double high = Math.max(stays, turns);
      if (high - low <= 1 || high <= low * PRECISION) {
        break;
      }
      double between = low < 1 || high / low < 4 ? (low + high) / 2 : Math.sqrt(low * high);
      double middle = whole ? Math.floor(between) : between;
      List<Value> tried = new ArrayList<>(values);
      tried.set(changed, new Value(factor, middle));
      if (isHeld(tried) == held) {
        turns = middle;
      } else {
        stays = middle;
      }
    }
    return new Value(factor, turns);
  }

  private boolean isHeld(List<Value> values) {
    return SiteRound.of(task.with(unit, room, values)).holds(room, unit);
  }

  private Deciding deciding(Value value) {
    double now = task.value(unit, room, value.factor());
    double then = value.value();
    String sentence =
        switch (value.factor()) {
          case EXPECTED_BYTES ->
              String.format(
                  Locale.ROOT,
                  "%,.0f bytes a day are expected to be asked for; %,.0f would turn it",
                  now,
                  then);
          case CAPACITY_BYTES ->
              String.format(
                  Locale.ROOT,
                  "the appliance may hold %,.0f bytes; %,.0f would turn it",
                  now,
                  then);
          case HELD_BEFORE ->
              now > 0
                  ? "it was on the appliance before; were it not, that would turn it"
                  : "it was not on the appliance before; were it, that would turn it";
          case PINNED_COPIES ->
              String.format(
                  Locale.ROOT,
                  "it is pinned to %.0f appliances of the site; %.0f would turn it",
                  now,
                  then);
          case MAX_COPIES_PER_SITE ->
              String.format(
                  Locale.ROOT, "a site may have %.0f copies; %.0f would turn it", now, then);
        };
    return new Deciding(value.factor(), now, then, sentence);
  }

  private String copiesWhy() {
    var rules = task.rules();
    int pinned = task.pins().getOrDefault(unit, 0);
    if (round.ranking.isFaint(unit)) {
      return "nobody is expected to ask for it, so one copy where there is room"
          + (pinned > 0 ? String.format(Locale.ROOT, "; pinned to %d", pinned) : "");
    }
    String why =
        String.format(
            Locale.ROOT,
            "%.4g of the site's demand x %d appliances x spread %.3g, rounded up: %d; at least %d,"
                + " at most %d",
            round.ranking.share(unit),
            task.rooms().size(),
            rules.spread(),
            rules.copiesWanted(round.ranking.share(unit), task.rooms().size()),
            rules.minCopies(),
            Math.min(rules.maxCopiesPerSite(), task.rooms().size()));
    if (round.ranking.wanted[unit] != round.ranking.fair[unit]) {
      why +=
          String.format(Locale.ROOT, "; had %d, within the hysteresis", round.ranking.before[unit]);
    }
    return pinned > 0 ? why + String.format(Locale.ROOT, "; pinned to %d", pinned) : why;
  }

  private List<Standing> order() {
    Turn last = round.turns.isEmpty() ? null : round.turns.getLast();
    return IntStream.range(0, task.rooms().size())
        .boxed()
        .sorted(
            Comparator.comparingDouble((Integer i) -> -round.score(i, unit))
                .thenComparing(Comparator.naturalOrder()))
        .map(
            i -> {
              Room of = task.rooms().get(i);
              return new Standing(
                  of.appliance(),
                  round.score(i, unit),
                  round.ranking.head[unit] ? of.throughput() : of.storage(),
                  last == null ? of.usable(task.rules()) : last.free()[i],
                  last == null ? 0 : last.load()[i],
                  round.ranking.targets[i],
                  round.holds(i, unit),
                  task.before().get(i).get(unit),
                  outcome(i));
            })
        .toList();
  }

  private String outcome(int of) {
    for (Turn turn : round.turns) {
      if (turn.room() == of) {
        return String.format(Locale.ROOT, "holds copy %d", turn.number());
      }
    }
    if (task.bytes()[unit] > task.rooms().get(of).usable(task.rules())) {
      return "the unit is larger than what the appliance may hold";
    }
    Turn last = round.turns.isEmpty() ? null : round.turns.getLast();
    if (last != null && last.barred()) {
      return String.format(
          Locale.ROOT,
          "copy %d was given up: others of that number had found no room",
          last.number());
    }
    if (last != null && last.free()[of] < task.bytes()[unit]) {
      return String.format(Locale.ROOT, "had %,d bytes free when its turn came", last.free()[of]);
    }
    boolean loaded =
        last != null
            && round.ranking.head[unit]
            && last.load()[of] + round.ranking.load(unit)
                > (1 + (task.rules().balance() - 1) / SiteRound.NEWCOMERS)
                    * round.ranking.targets[of];
    return loaded
        ? "had its part of the load when its turn came"
        : String.format(
            Locale.ROOT, "%d copies are wanted, and others took them", round.ranking.wanted[unit]);
  }

  private String sentence(boolean held, Reason reason, List<Deciding> decides) {
    int place = 1;
    double own = round.score(room, unit);
    for (int i = 0; i < task.rooms().size(); i++) {
      place += round.score(i, unit) > own ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "%s is %s %s: rank %d of %d at %s with %.3g plays a day expected, %d of %d wanted copies"
            + " placed (%s); the appliance is number %d of %d in its order and %s. %s",
        name,
        held ? "on" : "not on",
        task.rooms().get(room).appliance(),
        round.rank[unit],
        task.bytes().length,
        task.site(),
        task.popularity(unit),
        round.placed[unit],
        round.ranking.wanted[unit],
        reason.sentence(),
        place,
        task.rooms().size(),
        outcome(room),
        String.join(", and ", decides.stream().map(Deciding::sentence).toList()));
  }
}
