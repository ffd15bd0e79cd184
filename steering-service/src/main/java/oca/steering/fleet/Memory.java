package oca.steering.fleet;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import oca.model.ApplianceId;

/** What only the intake needs to remember of an appliance. For the thread that holds its lock. */
final class Memory {
  /** Former boots remembered per appliance, to know their stragglers from a new start. */
  static final int FORMER_BOOTS = 8;

  private final Deque<String> formerBoots = new ArrayDeque<>();
  private String host = "";
  private int hosts;

  /** The version of this boot that was too large, or wrong in itself: not asked for again. */
  private Optional<Long> refusedInventory = Optional.empty();

  /** What was saved of it. */
  void restore(String savedHost, int savedHosts, Collection<String> savedBoots) {
    host = savedHost;
    hosts = Math.max(1, savedHosts);
    savedBoots.stream().limit(FORMER_BOOTS).forEach(formerBoots::addLast);
  }

  boolean isFormerBoot(String boot) {
    return formerBoots.contains(boot);
  }

  /** Newest last. */
  List<String> formerBoots() {
    return List.copyOf(formerBoots);
  }

  /** How many pathway ids it has had. */
  int hosts() {
    return hosts;
  }

  /** It was started again; {@code boot} is the one before. */
  void startedAgain(String boot) {
    formerBoots.addLast(boot);
    if (formerBoots.size() > FORMER_BOOTS) {
      formerBoots.removeFirst();
    }
    refusedInventory = Optional.empty();
  }

  void refuse(long version) {
    refusedInventory = Optional.of(version);
  }

  boolean isRefused(long version) {
    return refusedInventory.equals(Optional.of(version));
  }

  /**
   * The id for players: a new one at each change of host, because they remember what an id stood
   * for.
   *
   * @param reserved an id that no appliance may have
   */
  String pathway(ApplianceId id, String host, String reserved) {
    String name = id.value();
    if (!this.host.equals(host)) {
      this.host = host;
      hosts += hosts == 0 && name.equals(reserved) ? 2 : 1;
    }
    return hosts == 1 ? name : name + "." + hosts;
  }
}
