package oca.steering.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import oca.model.Endpoint;
import oca.steering.fleet.Member;
import oca.steering.rank.Decision;

/**
 * A steering manifest, the same for HLS (draft-pantos-content-steering) and for DASH (ETSI TS 103
 * 998, which took over its form).
 *
 * <p>The appliances are clones of the origin's pathway in which only the host differs. What a
 * clone's host means is where the players part: HLS players keep the base URI's port and ignore a
 * host that brings its own; dash.js (5.2.1, read and tried) puts the host in place of host and
 * port. So an appliance must listen on the origin's port, HLS is told the host alone, and DASH is
 * told the port as well where it is not the scheme's own.
 *
 * @param version always 1
 * @param ttlSeconds until the player asks again; above 0, because some players loop on 0
 * @param reloadUri absolute: where to ask again
 * @param priority pathway ids, best first, each once; never empty, the origin's is last
 * @param clones one for each appliance; left out of the JSON when there are none
 */
record PlayerManifest(
    @JsonProperty("VERSION") int version,
    @JsonProperty("TTL") long ttlSeconds,
    @JsonProperty("RELOAD-URI") String reloadUri,
    @JsonProperty("PATHWAY-PRIORITY") List<String> priority,
    @JsonProperty("PATHWAY-CLONES") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Clone> clones) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** A pathway like another one, at another host. */
  record Clone(
      @JsonProperty("BASE-ID") String baseId,
      @JsonProperty("ID") String id,
      @JsonProperty("URI-REPLACEMENT") Replacement replacement) {}

  /** What differs. */
  record Replacement(@JsonProperty("HOST") String host) {}

  /** For which kind of player. */
  enum Form {
    HLS,
    DASH
  }

  static PlayerManifest of(
      Form form, Decision decision, String originPathway, long ttlSeconds, String reloadUri) {
    List<String> priority = new ArrayList<>();
    List<Clone> clones = new ArrayList<>();
    for (Member member : decision.chosen()) {
      priority.add(member.pathway());
      String host = host(form, member.endpoint());
      clones.add(new Clone(originPathway, member.pathway(), new Replacement(host)));
    }
    priority.add(originPathway);
    return new PlayerManifest(1, ttlSeconds, reloadUri, priority, clones);
  }

  private static String host(Form form, Endpoint endpoint) {
    boolean portIsKnown = endpoint.port() == HTTP_PORT || endpoint.port() == HTTPS_PORT;
    return switch (form) {
      case HLS -> urlHost(endpoint.host());
      case DASH -> portIsKnown ? urlHost(endpoint.host()) : endpoint.toString();
    };
  }

  private static String urlHost(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
