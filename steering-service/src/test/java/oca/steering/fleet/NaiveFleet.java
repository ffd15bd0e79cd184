package oca.steering.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import oca.model.ContentId;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;

/** The rules of the intake written down once more, with plain sets and in the plainest words. */
final class NaiveFleet {
  private static final class State {
    Heartbeat newest;
    final List<String> formerBoots = new ArrayList<>();

    /** Null when nothing is known of the present boot. */
    Long version;

    /** What was said last, in whatever boot. */
    Set<ContentId> said = new HashSet<>();

    Long refused;
  }

  private final Map<String, State> states = new TreeMap<>();
  private final HeartbeatIntake.Limits limits;

  NaiveFleet(HeartbeatIntake.Limits limits) {
    this.limits = limits;
  }

  /** What is known to be held; null when nothing is known. */
  Set<ContentId> held(String appliance) {
    State state = states.get(appliance);
    return state == null || state.version == null ? null : state.said;
  }

  Outcome heartbeat(Heartbeat beat) {
    String id = beat.appliance().value();
    Verdict verdict = judge(beat, states.get(id));
    State state = states.get(id);
    if (verdict == Verdict.ACCEPTED) {
      if (state == null) {
        state = new State();
        states.put(id, state);
      } else if (!state.newest.bootId().equals(beat.bootId())) {
        state.formerBoots.add(state.newest.bootId());
        if (state.formerBoots.size() > Memory.FORMER_BOOTS) {
          state.formerBoots.removeFirst();
        }
        state.version = null;
        state.refused = null;
      }
      state.newest = beat;
      if (InventoryDigest.of(state.said).equals(beat.inventoryDigest())) {
        state.version = beat.inventoryVersion();
      }
    }
    if (state == null || !state.newest.bootId().equals(beat.bootId())) {
      return new Outcome(verdict, false);
    }
    long announced = state.newest.inventoryVersion();
    if (Objects.equals(state.version, announced) && agrees(state)) {
      return new Outcome(verdict, false);
    }
    if (Objects.equals(state.refused, announced)) {
      return new Outcome(verdict, false);
    }
    boolean delta =
        state.version != null
            && state.newest.inventoryDigest() != null
            && state.version < announced;
    return new Outcome(verdict, true, delta ? state.version : null);
  }

  Verdict inventory(Inventory inventory) {
    State state = states.get(inventory.appliance().value());
    Verdict verdict = stray(state, inventory.bootId());
    if (verdict != null) {
      return verdict;
    }
    boolean announced = inventory.version() == state.newest.inventoryVersion();
    if (state.version != null && state.version == inventory.version()) {
      if (!announced || agrees(state)) {
        return Verdict.REPLAYED;
      }
    } else if (state.version != null && !announced && inventory.version() < state.version) {
      return Verdict.OVERTAKEN;
    }
    boolean fits = inventory.held().size() <= limits.filesPerAppliance();
    Verdict taken = take(state, fits ? new HashSet<>(inventory.held()) : null, inventory.version());
    if (taken == Verdict.ACCEPTED && announced && !agrees(state)) {
      state.refused = inventory.version();
    }
    return taken;
  }

  Verdict delta(InventoryDelta delta) {
    if (delta.fromVersion() >= delta.toVersion()) {
      return Verdict.MALFORMED;
    }
    State state = states.get(delta.appliance().value());
    Verdict verdict = stray(state, delta.bootId());
    if (verdict != null) {
      return verdict;
    }
    if (state.version == null || state.version < delta.fromVersion()) {
      return Verdict.GAP;
    }
    if (state.version > delta.fromVersion()) {
      return state.version == delta.toVersion() ? Verdict.REPLAYED : Verdict.OVERTAKEN;
    }
    Set<ContentId> next = new HashSet<>(state.said);
    next.removeAll(Set.copyOf(delta.removed()));
    next.addAll(delta.added());
    boolean fits =
        Math.max(delta.added().size(), delta.removed().size()) <= limits.filesPerAppliance();
    return take(state, fits ? next : null, delta.toVersion());
  }

  private Verdict judge(Heartbeat beat, State state) {
    if (beat.sequence() < 1 || beat.filling().size() > Heartbeat.MAX_FILLING) {
      return Verdict.MALFORMED;
    }
    if (state == null) {
      return states.size() < limits.appliances() ? Verdict.ACCEPTED : Verdict.TOO_MANY_APPLIANCES;
    }
    if (!beat.bootId().equals(state.newest.bootId())) {
      return state.formerBoots.contains(beat.bootId()) ? Verdict.FORMER_BOOT : Verdict.ACCEPTED;
    }
    if (beat.sequence() == state.newest.sequence()) {
      return Verdict.REPLAYED;
    }
    return beat.sequence() > state.newest.sequence() ? Verdict.ACCEPTED : Verdict.OVERTAKEN;
  }

  private Verdict take(State state, Set<ContentId> next, long version) {
    Set<ContentId> before = state.said;
    if (next != null) {
      state.said = next;
    }
    if (next == null || next.size() > limits.filesPerAppliance() || isTooMuch()) {
      state.said = before;
      state.refused = version;
      return Verdict.TOO_MANY_FILES;
    }
    state.version = version;
    return Verdict.ACCEPTED;
  }

  private boolean isTooMuch() {
    long pairs = states.values().stream().mapToLong(state -> state.said.size()).sum();
    Set<ContentId> different = new HashSet<>();
    states.values().forEach(state -> different.addAll(state.said));
    return pairs > limits.filesInAll() || different.size() > limits.files();
  }

  private static boolean agrees(State state) {
    InventoryDigest digest = state.newest.inventoryDigest();
    return digest == null || digest.equals(InventoryDigest.of(state.said));
  }

  private static Verdict stray(State state, String boot) {
    if (state == null) {
      return Verdict.NO_HEARTBEAT;
    }
    if (state.newest.bootId().equals(boot)) {
      return null;
    }
    return state.formerBoots.contains(boot) ? Verdict.FORMER_BOOT : Verdict.NO_HEARTBEAT;
  }

  /** The names heard of. */
  Set<String> names() {
    return Collections.unmodifiableSet(states.keySet());
  }
}
