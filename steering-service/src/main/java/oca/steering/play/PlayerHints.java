package oca.steering.play;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a player says of itself in the query of a steering request.
 *
 * <p>{@code _HLS_pathway} and {@code _HLS_throughput}, {@code _DASH_pathway} and {@code
 * _DASH_throughput}; DASH players may give lists, and quotes come and go between players. Whatever
 * cannot be read is left out: a hint is no reason to fail a viewer.
 *
 * @param pathways in use, in the player's order; empty when none was told
 * @param bitsPerSecond the throughput seen, the first of a list
 */
record PlayerHints(List<String> pathways, OptionalLong bitsPerSecond) {
  private static final int MAX_PATHWAYS = 16;
  private static final int MAX_TEXT = 1024;

  static PlayerHints of(Map<String, String> query) {
    List<String> pathways = new ArrayList<>();
    for (String item : items(query, "_HLS_pathway", "_DASH_pathway")) {
      if (!item.isEmpty() && pathways.size() < MAX_PATHWAYS) {
        pathways.add(item);
      }
    }
    OptionalLong throughput = OptionalLong.empty();
    for (String item : items(query, "_HLS_throughput", "_DASH_throughput")) {
      if (throughput.isEmpty() && item.matches("\\d{1,15}(\\.\\d*)?")) {
        int point = item.indexOf('.');
        throughput = OptionalLong.of(Long.parseLong(point < 0 ? item : item.substring(0, point)));
      }
    }
    return new PlayerHints(List.copyOf(pathways), throughput);
  }

  private static List<String> items(Map<String, String> query, String hls, String dash) {
    String text = query.getOrDefault(hls, query.getOrDefault(dash, ""));
    return text.length() > MAX_TEXT
        ? List.of()
        : List.of(text.replace("\"", "").split(",", -1)).stream().map(String::strip).toList();
  }
}
