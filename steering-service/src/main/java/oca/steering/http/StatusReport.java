package oca.steering.http;

import java.time.Instant;
import java.util.Map;
import oca.steering.fleet.Freeze;

/**
 * The process for an operator: {@code GET /v1/status}. Counters count from {@code started}.
 *
 * @param started by the wall clock
 * @param answers what was answered, by name
 * @param heartbeats by verdict: {@code accepted}, or why dropped
 * @param ready whether enough was heard since the start
 * @param inventories by verdict
 * @param deltas of inventories, by verdict
 * @param appliances ever heard of
 * @param heldFiles over all appliances
 * @param fleet how appliances are watched
 * @param routes networks known
 * @param requestsRefused because too many were under way
 * @param connections open now
 * @param refusals of connections and requests, by the listener's reason
 * @param applianceRefusals messages that came as an appliance's and were not taken, by reason
 */
public record StatusReport(
    Instant started,
    boolean ready,
    Map<String, Long> answers,
    Map<String, Long> heartbeats,
    Map<String, Long> inventories,
    Map<String, Long> deltas,
    int appliances,
    long heldFiles,
    Fleet fleet,
    int routes,
    CatalogState catalog,
    long requestsRefused,
    int connections,
    Map<String, Long> refusals,
    Map<String, Long> applianceRefusals) {

  /**
   * How appliances are watched.
   *
   * @param frozen an alert: so many fell silent at once that nobody is evicted
   * @param lost of {@code of} appliances in answers that were silent at the last look
   * @param freezes so far
   * @param divergences heartbeats whose digest was not that of what was known at their version
   * @param files different ones that somebody holds
   * @param indexBytes of memory for who holds what, at the most
   * @param pauses of this process that were held against nobody
   * @param missedMillis that leases stood still for them
   * @param saveFailures of the fleet's file
   */
  public record Fleet(
      boolean frozen,
      int lost,
      int of,
      long freezes,
      long divergences,
      int files,
      long indexBytes,
      long pauses,
      long missedMillis,
      long saveFailures) {
    /** With what the freeze says. */
    public Fleet(
        Freeze freeze,
        long freezes,
        long divergences,
        int files,
        long indexBytes,
        long pauses,
        long missedMillis,
        long saveFailures) {
      this(
          freeze.frozen(),
          freeze.lost(),
          freeze.of(),
          freezes,
          divergences,
          files,
          indexBytes,
          pauses,
          missedMillis,
          saveFailures);
    }
  }

  /**
   * The catalogue.
   *
   * @param version in force; empty before the first
   * @param reachable whether the last poll went well
   * @param titles in that version
   * @param failures polls that failed
   */
  public record CatalogState(String version, boolean reachable, int titles, long failures) {}
}
