package oca.fill;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.intake.FleetReader;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import oca.protocol.Heartbeat;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/fleet-events}: the last that each appliance said of itself by Kafka, and whether
 * this controller hears it. Any thread.
 */
record FleetDesk(FleetReader reader, Supplier<FleetSnapshot> fleet) {
  /**
   * The answer.
   *
   * @param appliances by their names
   */
  record Answer(List<Entry> appliances) {}

  /**
   * One of them.
   *
   * @param sent when it said so, by its own clock
   * @param state {@code serving}, {@code draining} (so a stopped one leaves) or {@code unfit}
   * @param fault why it is unfit
   * @param heard whether its heartbeats arrive here; one that serves and is not heard is missing
   */
  record Entry(
      ApplianceId appliance,
      SiteId site,
      Endpoint endpoint,
      String bootId,
      Instant sent,
      String state,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String fault,
      long capacityBytes,
      long usedBytes,
      long inventoryVersion,
      boolean heard) {}

  void routes(ControlListener listener) {
    listener.route("GET", "/v1/fleet-events", _ -> Response.message(new Answer(entries())));
  }

  /** Appliances that said they serve, and are not heard. */
  long missing() {
    return entries().stream().filter(it -> !it.heard() && it.state().equals("serving")).count();
  }

  private List<Entry> entries() {
    Set<ApplianceId> alive =
        fleet.get().alive().stream().map(FleetSnapshot.Member::id).collect(Collectors.toSet());
    return reader.words().stream()
        .map(word -> entry(word, alive.contains(word.appliance())))
        .toList();
  }

  private static Entry entry(Heartbeat word, boolean heard) {
    String fault = word.health().fault();
    return new Entry(
        word.appliance(),
        word.site(),
        word.endpoint(),
        word.bootId(),
        word.sent(),
        word.health().draining() ? "draining" : fault == null ? "serving" : "unfit",
        fault,
        word.capacityBytes(),
        word.usedBytes(),
        word.inventoryVersion(),
        heard);
  }
}
