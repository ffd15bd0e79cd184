package oca.steering.http;

import java.io.IOException;
import java.util.function.Function;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.InventoryDelta;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.fleet.Outcome;
import oca.steering.fleet.Verdict;

/**
 * Where appliances report: {@code POST /v1/heartbeats}, {@code POST /v1/inventories} and {@code
 * POST /v1/inventory-deltas}.
 *
 * <p>An appliance speaks for itself only: with the credentials of another it is answered 403. A
 * message that is merely late or repeated is answered like any other, for its sender has done
 * nothing wrong; one that goes beyond a limit is answered 422 with the limit's name.
 */
public final class ApplianceEndpoint {
  private final Function<Heartbeat, Outcome> heartbeats;
  private final Function<Inventory, Verdict> inventories;
  private final Function<InventoryDelta, Verdict> deltas;
  private final ApplianceGate gate;

  /** An endpoint that hands to those what the gate lets in. */
  public ApplianceEndpoint(
      ApplianceGate gate,
      Function<Heartbeat, Outcome> heartbeats,
      Function<Inventory, Verdict> inventories,
      Function<InventoryDelta, Verdict> deltas) {
    this.gate = gate;
    this.heartbeats = heartbeats;
    this.inventories = inventories;
    this.deltas = deltas;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener
        .route("POST", "/v1/heartbeats", this::heartbeat)
        .route("POST", "/v1/inventories", this::inventory)
        .route("POST", "/v1/inventory-deltas", this::delta)
        .guard("/v1/heartbeats", gate)
        .guard("/v1/inventories", gate)
        .guard("/v1/inventory-deltas", gate);
  }

  private Response heartbeat(Request request) throws IOException {
    Heartbeat heartbeat = request.message(Heartbeat.class);
    Response refusal = gate.refusal(request, heartbeat.appliance());
    if (refusal != null) {
      return refusal;
    }
    Outcome outcome = heartbeats.apply(heartbeat);
    return outcome.verdict().isRefusal()
        ? refusal("the heartbeat of " + heartbeat.appliance(), outcome.verdict())
        : Response.message(new HeartbeatReply(outcome.inventoryWanted(), outcome.deltaFrom()));
  }

  private Response inventory(Request request) throws IOException {
    Inventory inventory = request.message(Inventory.class);
    Response refusal = gate.refusal(request, inventory.appliance());
    if (refusal != null) {
      return refusal;
    }
    Verdict verdict = inventories.apply(inventory);
    return verdict.isRefusal()
        ? refusal("the inventory of " + inventory.appliance(), verdict)
        : Response.empty(204);
  }

  private Response delta(Request request) throws IOException {
    InventoryDelta delta = request.message(InventoryDelta.class);
    Response refusal = gate.refusal(request, delta.appliance());
    if (refusal != null) {
      return refusal;
    }
    Verdict verdict = deltas.apply(delta);
    return verdict.isRefusal()
        ? refusal("the inventory delta of " + delta.appliance(), verdict)
        : Response.empty(204);
  }

  private static Response refusal(String what, Verdict verdict) {
    return Response.problem(422, what + " " + verdict.sentence());
  }
}
