package oca.steering.http;

import java.io.IOException;
import java.util.function.Function;
import oca.protocol.Heartbeat;
import oca.protocol.HeartbeatReply;
import oca.protocol.Inventory;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import oca.steering.fleet.Outcome;
import oca.steering.fleet.Verdict;

/**
 * Where appliances report: {@code POST /v1/heartbeats} and {@code POST /v1/inventories}.
 *
 * <p>A message that is merely late or repeated is answered like any other, for its sender has done
 * nothing wrong; one that goes beyond a limit is answered 422 with the limit's name.
 */
public final class ApplianceEndpoint {
  private final Function<Heartbeat, Outcome> heartbeats;
  private final Function<Inventory, Verdict> inventories;

  /** An endpoint that hands messages to those. */
  public ApplianceEndpoint(
      Function<Heartbeat, Outcome> heartbeats, Function<Inventory, Verdict> inventories) {
    this.heartbeats = heartbeats;
    this.inventories = inventories;
  }

  /** Adds the routes. */
  public void addTo(ControlListener listener) {
    listener.route("POST", "/v1/heartbeats", this::heartbeat);
    listener.route("POST", "/v1/inventories", this::inventory);
  }

  private Response heartbeat(Request request) throws IOException {
    Heartbeat heartbeat = request.message(Heartbeat.class);
    Outcome outcome = heartbeats.apply(heartbeat);
    return outcome.verdict().isRefusal()
        ? refusal("the heartbeat of " + heartbeat.appliance(), outcome.verdict())
        : Response.message(new HeartbeatReply(outcome.inventoryWanted()));
  }

  private Response inventory(Request request) throws IOException {
    Inventory inventory = request.message(Inventory.class);
    Verdict verdict = inventories.apply(inventory);
    return verdict.isRefusal()
        ? refusal("the inventory of " + inventory.appliance(), verdict)
        : Response.empty(204);
  }

  private static Response refusal(String what, Verdict verdict) {
    return Response.problem(422, what + " " + verdict.sentence());
  }
}
