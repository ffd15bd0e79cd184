package oca.fill.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.fill.placement.PlacementPlanner.Rules;
import oca.fill.placement.PlacementTask.Room;
import oca.model.SiteId;

/**
 * What the placement at one site follows from; sites do not know of each other.
 *
 * @param demand bytes expected at the site a day, by unit
 * @param keys hashes of the units' names
 * @param bySize the units by size, ties by name
 * @param before by room: what it was told to hold
 * @param pins copies by unit
 */
record SiteTask(
    Rules rules,
    SiteId site,
    List<Room> rooms,
    long[] bytes,
    double[] demand,
    long[] keys,
    int[] bySize,
    List<BitSet> before,
    Map<Integer, Integer> pins) {

  double popularity(int unit) {
    return demand[unit] / Math.max(1, bytes[unit]);
  }

  /** The same but for some factors that concern a unit and a room. */
  SiteTask with(int unit, int room, List<Factor.Value> values) {
    SiteTask changed = this;
    for (Factor.Value value : values) {
      changed = changed.with(unit, room, value);
    }
    return changed;
  }

  private SiteTask with(int unit, int room, Factor.Value value) {
    Rules otherRules = rules;
    List<Room> otherRooms = rooms;
    double[] otherDemand = demand;
    List<BitSet> otherBefore = before;
    Map<Integer, Integer> otherPins = pins;
    double to = value.value();
    switch (value.factor()) {
      case EXPECTED_BYTES -> {
        otherDemand = Arrays.copyOf(demand, demand.length);
        otherDemand[unit] = to;
      }
      case CAPACITY_BYTES -> {
        Room old = rooms.get(room);
        otherRooms = new ArrayList<>(rooms);
        otherRooms.set(
            room,
            new Room(old.appliance(), old.site(), (long) to, old.throughput(), old.storage()));
      }
      case HELD_BEFORE -> {
        BitSet held = (BitSet) before.get(room).clone();
        held.set(unit, to > 0);
        otherBefore = new ArrayList<>(before);
        otherBefore.set(room, held);
      }
      case PINNED_COPIES -> {
        otherPins = new HashMap<>(pins);
        otherPins.put(unit, (int) to);
      }
      case MAX_COPIES_PER_SITE -> otherRules = rules.withMaxCopiesPerSite((int) to);
    }
    return new SiteTask(
        otherRules, site, otherRooms, bytes, otherDemand, keys, bySize, otherBefore, otherPins);
  }

  /** What a factor is now. */
  double value(int unit, int room, Factor factor) {
    return switch (factor) {
      case EXPECTED_BYTES -> demand[unit];
      case CAPACITY_BYTES -> rooms.get(room).capacityBytes();
      case HELD_BEFORE -> before.get(room).get(unit) ? 1 : 0;
      case PINNED_COPIES -> pins.getOrDefault(unit, 0);
      case MAX_COPIES_PER_SITE -> rules.maxCopiesPerSite();
    };
  }
}
