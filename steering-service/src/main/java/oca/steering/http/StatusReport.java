package oca.steering.http;

import java.time.Instant;
import java.util.Map;

/**
 * The process for an operator: {@code GET /v1/status}. Counters count from {@code started}.
 *
 * @param started by the wall clock
 * @param answers what was answered
 * @param heartbeats by verdict: {@code accepted}, or why dropped
 * @param inventories by verdict
 * @param appliances ever heard of
 * @param heldFiles over all appliances
 * @param routes networks known
 * @param requestsRefused because too many were under way
 */
public record StatusReport(
    Instant started,
    SteeringEndpoint.Counts answers,
    Map<String, Long> heartbeats,
    Map<String, Long> inventories,
    int appliances,
    long heldFiles,
    int routes,
    CatalogState catalog,
    long requestsRefused) {

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
