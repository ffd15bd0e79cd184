package oca.steering.operators;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.steering.registry.Change;
import oca.steering.registry.RegistryStatus;
import org.jspecify.annotations.Nullable;

/** The messages of this room. */
final class Answers {
  private Answers() {}

  /**
   * {@code POST /v1/appliances}.
   *
   * @param note left out to keep the one there is
   * @param who left out for the address that asks
   */
  record Registration(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String who,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {}

  /** An order's body, which may be left out altogether. */
  record Words(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String who,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {}

  /**
   * What became of an order or registration.
   *
   * @param appliance left out when it is about the fleet
   * @param changed false when it was so before
   * @param change its number in the log; left out when nothing changed
   * @param kept {@code database}: on disk; {@code queued}: in force, and lost if the service ends
   *     before its database is back; {@code memory}: as long as the service runs
   */
  record Ordered(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Row appliance,
      boolean changed,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long change,
      String kept) {}

  /** {@code GET /v1/appliances}. */
  record Appliances(List<Row> appliances) {}

  /** {@code GET /v1/appliances/ID}, with the newest changes first. */
  record Appliance(Row appliance, List<Line> changes) {}

  /**
   * {@code GET /v1/changes?after=N}, oldest first.
   *
   * @param before changes up to this number are in the database only
   * @param last the newest; ask again after the last of {@code changes} while they differ
   */
  record Changes(long before, long last, List<Line> changes) {}

  /** {@code GET /v1/registry}. */
  record Registry(RegistryStatus registry) {}

  /** One change. */
  record Line(
      long number,
      Instant at,
      String what,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ApplianceId appliance,
      String who,
      String why) {
    static Line of(Change change) {
      return new Line(
          change.number(),
          change.at(),
          change.what().label(),
          change.appliance(),
          change.who(),
          change.why());
    }
  }
}
