package oca.steering.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import oca.steering.fleet.Member;
import oca.steering.rank.Decision;

/**
 * A steering manifest, the same for HLS (draft-pantos-content-steering) and for DASH (ETSI TS 103
 * 998, which took over its form).
 *
 * <p>The appliances are clones of the origin's pathway in which only the host differs: players
 * ignore or drop a host with a port, so that an appliance must listen on the origin's port.
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

  /** A pathway like another one, at another host. */
  record Clone(
      @JsonProperty("BASE-ID") String baseId,
      @JsonProperty("ID") String id,
      @JsonProperty("URI-REPLACEMENT") Replacement replacement) {}

  /** What differs. */
  record Replacement(@JsonProperty("HOST") String host) {}

  static PlayerManifest of(
      Decision decision, String originPathway, long ttlSeconds, String reloadUri) {
    List<String> priority = new ArrayList<>();
    List<Clone> clones = new ArrayList<>();
    for (Member member : decision.chosen()) {
      priority.add(member.pathway());
      String host = urlHost(member.endpoint().host());
      clones.add(new Clone(originPathway, member.pathway(), new Replacement(host)));
    }
    priority.add(originPathway);
    return new PlayerManifest(1, ttlSeconds, reloadUri, priority, clones);
  }

  private static String urlHost(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }
}
