package oca.demo;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What steering answered to the publisher on a viewer's behalf, before that viewer had a playlist.
 *
 * <p>A playlist made from it names the appliances themselves, and begins with the best. So a player
 * need not leave the origin while it loads its first segment, which hls.js (1.7.4) does not survive
 * when the two meet: an initialization segment that is given up before there was any media leaves
 * it loading for ever. And a player that clones no pathways, such as shaka as it is shipped
 * (5.2.12), has appliances to go to. Those that come later are clones still.
 *
 * @param server whom the player asks next, with what steering knows of this viewer sealed in it
 * @param pathway the first to use
 * @param hosts of pathways besides the origin's, by id
 */
record FirstAnswer(URI server, String pathway, Map<String, String> hosts) {
  /** Steering was not asked, or did not answer: the player begins at the origin. */
  static FirstAnswer none(URI server) {
    return new FirstAnswer(server, PlayerManifests.ORIGIN_PATHWAY, Map.of());
  }

  /** The same, with other pathways that steering may answer later, for players that clone none. */
  FirstAnswer naming(Map<String, String> others) {
    Map<String, String> all = new LinkedHashMap<>(hosts);
    others.forEach(all::putIfAbsent);
    return new FirstAnswer(server, pathway, all);
  }

  /**
   * Reads an HLS steering manifest.
   *
   * @throws IllegalArgumentException when it is none
   */
  static FirstAnswer of(Map<?, ?> manifest) {
    if (!(manifest.get("PATHWAY-PRIORITY") instanceof List<?> priority)
        || priority.isEmpty()
        || !(manifest.get("RELOAD-URI") instanceof String server)) {
      throw new IllegalArgumentException("not a steering manifest: " + manifest);
    }
    Map<String, String> hosts = new LinkedHashMap<>();
    if (manifest.get("PATHWAY-CLONES") instanceof List<?> clones) {
      for (Object each : clones) {
        if (each instanceof Map<?, ?> clone
            && clone.get("ID") instanceof String id
            && clone.get("URI-REPLACEMENT") instanceof Map<?, ?> replacement
            && replacement.get("HOST") instanceof String host) {
          hosts.put(id, host);
        }
      }
    }
    String best = String.valueOf(priority.getFirst());
    return new FirstAnswer(
        URI.create(server), hosts.containsKey(best) ? best : PlayerManifests.ORIGIN_PATHWAY, hosts);
  }
}
