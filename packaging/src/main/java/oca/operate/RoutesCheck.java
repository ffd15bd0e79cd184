package oca.operate;

import java.util.List;
import oca.protocol.Json;

/** Sessions with routers, where steering runs here. */
final class RoutesCheck implements Check {
  @Override
  public List<Finding> look(Machine machine) {
    return machine.steering().at("peers").items().stream().map(RoutesCheck::finding).toList();
  }

  private static Finding finding(Json peer) {
    String who = peer.at("source").text() + " " + peer.at("peer").text();
    String what = who + " is " + peer.at("state").text();
    String error = peer.at("lastError").text();
    return RoutePages.isDown(peer)
        ? Finding.fail(
            "routes",
            what + (error.isEmpty() ? "" : ": " + error),
            "oca routes tells more; does the router reach routes.bgp.listen?")
        : Finding.ok("routes", what);
  }
}
