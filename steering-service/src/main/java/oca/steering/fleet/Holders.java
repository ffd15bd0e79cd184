package oca.steering.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import oca.model.ApplianceId;
import oca.model.ContentId;
import org.jspecify.annotations.Nullable;

/**
 * Which appliance holds which files, by the last inventory of its present boot. Immutable; safe on
 * any thread.
 *
 * <p>What an appliance held before it was started again is forgotten at once: its disks may have
 * been exchanged. A missing or late inventory makes an appliance unused, never wrongly used.
 */
public final class Holders {
  /** Nobody holds anything. */
  public static final Holders NONE = new Holders(Map.of());

  /**
   * An inventory as it is kept.
   *
   * @param version as its sender numbered it
   */
  public record Holding(long version, HeldFiles files) {}

  private final Map<ApplianceId, Holding> byAppliance;

  private Holders(Map<ApplianceId, Holding> byAppliance) {
    this.byAppliance = byAppliance;
  }

  /** Whether the appliance is known to hold every one of the files. */
  public boolean holdsAll(ApplianceId appliance, List<ContentId> files) {
    Holding holding = byAppliance.get(appliance);
    return holding != null && holding.files().holdsAll(files);
  }

  /** The appliance's inventory; null when none came since its start. */
  public @Nullable Holding of(ApplianceId appliance) {
    return byAppliance.get(appliance);
  }

  /** The number of files over all appliances. */
  public long files() {
    return byAppliance.values().stream().mapToLong(holding -> holding.files().size()).sum();
  }

  Holders with(ApplianceId appliance, Holding holding) {
    Map<ApplianceId, Holding> changed = new HashMap<>(byAppliance);
    changed.put(appliance, holding);
    return new Holders(changed);
  }

  Holders without(ApplianceId appliance) {
    if (!byAppliance.containsKey(appliance)) {
      return this;
    }
    Map<ApplianceId, Holding> changed = new HashMap<>(byAppliance);
    changed.remove(appliance);
    return new Holders(changed);
  }
}
