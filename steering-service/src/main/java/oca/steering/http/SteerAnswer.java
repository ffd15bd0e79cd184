package oca.steering.http;

import java.util.List;
import oca.model.Address;
import oca.steering.rank.Decision;
import oca.steering.routes.ForwardingTable.Match;

/**
 * Where to fetch one file from.
 *
 * @param path as asked for
 * @param client the address decided for
 * @param network the client's prefix; empty when none contains it
 * @param site the client's home site; empty when it has none
 * @param urls best first, the origin's last; never empty
 */
record SteerAnswer(String path, String client, String network, String site, List<String> urls) {

  static SteerAnswer of(String path, Address client, Decision decision) {
    Match match = decision.match();
    return new SteerAnswer(
        path,
        client.toString(),
        match == null ? "" : match.prefix().toString(),
        match == null ? "" : match.home().value(),
        decision.endpoints().stream().map(at -> at.http(path).toString()).toList());
  }
}
