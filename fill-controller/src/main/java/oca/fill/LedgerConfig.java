package oca.fill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import oca.config.Default;
import oca.fill.ledger.LedgerRules;

/**
 * The signed ledger of each day.
 *
 * @param key signs it: a file with an Ed25519 key in PEM. Without it the key of plans does
 * @param kept closed days that are kept
 * @param grace a day is closed so long after its end, in wall time; what comes later stands as a
 *     correction in a later day. Longer than {@code causes.hold}, or causes are missing
 * @param unserved files of each appliance that are watched until they are first served after they
 *     were filled
 * @param wasteAfterDays a file not served for so many days since it was filled counts as wasted
 */
public record LedgerConfig(
    Optional<Path> key,
    @Default("400") int kept,
    @Default("1h") Duration grace,
    @Default("10000") int unserved,
    @Default("30") int wasteAfterDays) {
  public LedgerConfig {
    require(kept >= 1 && kept <= 10_000, "kept must be 1 to 10000, not " + kept);
    require(!grace.isNegative(), "grace must not be below zero");
    require(unserved >= 0, "unserved must be 0 or more, not " + unserved);
    require(
        wasteAfterDays >= 1 && wasteAfterDays <= 400,
        "wasteAfterDays must be 1 to 400, not " + wasteAfterDays);
  }

  LedgerRules rules(int appliances) {
    return new LedgerRules(grace, kept, appliances, unserved, wasteAfterDays);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
