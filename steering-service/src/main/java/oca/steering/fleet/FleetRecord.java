package oca.steering.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.protocol.Heartbeat;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as it is saved: who was known and how, without what they hold.
 *
 * @param saved by the wall clock
 * @param entries in the order of their numbers
 */
public record FleetRecord(Instant saved, List<Entry> entries) {
  public FleetRecord {
    entries = List.copyOf(entries);
  }

  /**
   * One member.
   *
   * @param heartbeat its newest
   * @param silentMillis its age when it was saved
   * @param inAnswers whether answers named it then
   * @param pathway the id that players knew it by
   * @param hosts how many ids it has had, one for each host
   * @param formerBoots newest last
   * @param order of an operator; null for none
   */
  public record Entry(
      Heartbeat heartbeat,
      long silentMillis,
      boolean inAnswers,
      String pathway,
      int hosts,
      List<String> formerBoots,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Order order) {
    public Entry {
      formerBoots = List.copyOf(formerBoots);
    }
  }
}
