package oca.steering.fleet;

import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.InventoryDigest;
import org.jspecify.annotations.Nullable;

/**
 * Whether a message is news, from what is known of its sender. Decides only; changes nothing. For
 * the thread that holds the intake's lock.
 */
final class Judge {
  private final HeartbeatIntake.Limits limits;

  Judge(HeartbeatIntake.Limits limits) {
    this.limits = limits;
  }

  /**
   * A heartbeat, by its boot and sequence.
   *
   * @param member null when the sender was never heard of
   * @param members heard of so far
   */
  Verdict heartbeat(Heartbeat heartbeat, @Nullable Member member, Memory memory, int members) {
    if (heartbeat.sequence() < 1 || heartbeat.filling().size() > Heartbeat.MAX_FILLING) {
      return Verdict.MALFORMED;
    }
    if (member == null) {
      return members < limits.appliances() ? Verdict.ACCEPTED : Verdict.TOO_MANY_APPLIANCES;
    }
    Heartbeat newest = member.heartbeat();
    if (!heartbeat.bootId().equals(newest.bootId())) {
      return memory.isFormerBoot(heartbeat.bootId()) ? Verdict.FORMER_BOOT : Verdict.ACCEPTED;
    }
    int order = Long.compare(heartbeat.sequence(), newest.sequence());
    return order > 0 ? Verdict.ACCEPTED : order == 0 ? Verdict.REPLAYED : Verdict.OVERTAKEN;
  }

  /**
   * An inventory, by its boot and version.
   *
   * @param known of the sender's files; null when nothing is
   */
  Verdict inventory(Inventory inventory, Member member, Memory memory, @Nullable Holding known) {
    Heartbeat newest = member.heartbeat();
    if (!inventory.bootId().equals(newest.bootId())) {
      return stray(inventory.bootId(), memory);
    }
    boolean announced = inventory.version() == newest.inventoryVersion();
    if (known != null && known.version() == inventory.version()) {
      if (!announced || agree(known, newest)) {
        return Verdict.REPLAYED;
      }
    } else if (known != null && !announced && inventory.version() < known.version()) {
      // The version just announced is always right; one not yet announced must be a later one.
      return Verdict.OVERTAKEN;
    }
    return inventory.held().size() > limits.filesPerAppliance()
        ? Verdict.TOO_MANY_FILES
        : Verdict.ACCEPTED;
  }

  /** A delta, by its boot and the version that it starts from. */
  Verdict delta(InventoryDelta delta, Member member, Memory memory, @Nullable Holding known) {
    if (!delta.bootId().equals(member.heartbeat().bootId())) {
      return stray(delta.bootId(), memory);
    }
    if (known == null || known.version() < delta.fromVersion()) {
      return Verdict.GAP;
    }
    if (known.version() > delta.fromVersion()) {
      return known.version() == delta.toVersion() ? Verdict.REPLAYED : Verdict.OVERTAKEN;
    }
    return isTooLarge(delta) ? Verdict.TOO_MANY_FILES : Verdict.ACCEPTED;
  }

  /** Whether a delta names more files than an appliance may hold. */
  boolean isTooLarge(InventoryDelta delta) {
    return Math.max(delta.added().size(), delta.removed().size()) > limits.filesPerAppliance();
  }

  /** Whether the index with that change is within the limits. */
  boolean fits(Holders changed, int number) {
    return changed.indexed(number).files() <= limits.filesPerAppliance()
        && changed.pairs() <= limits.filesInAll()
        && changed.files() <= limits.files();
  }

  /** Whether what is known is what the heartbeat says; also when it says nothing. */
  static boolean agree(Holding known, Heartbeat newest) {
    InventoryDigest digest = newest.inventoryDigest();
    return digest == null || digest.equals(known.digest());
  }

  private static Verdict stray(String boot, Memory memory) {
    return memory.isFormerBoot(boot) ? Verdict.FORMER_BOOT : Verdict.NO_HEARTBEAT;
  }
}
