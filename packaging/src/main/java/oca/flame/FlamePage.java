package oca.flame;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.TreeMap;
import oca.flame.Profile.Happening;
import oca.protocol.Json;

/**
 * Writes a profile as one HTML file: style, script and data are in it, and its policy lets it load
 * nothing else.
 */
public final class FlamePage {
  private FlamePage() {}

  /**
   * The page.
   *
   * @param title such as the name of the recording
   */
  public static String of(String title, Profile profile) throws IOException {
    return resource("flame.html")
        .replace("${title}", escaped(title))
        .replace("${style}", resource("flame.css"))
        .replace("${script}", resource("flame.js"))
        // Last, so that nothing in it is taken for a place.
        .replace("${data}", data(profile));
  }

  /** As JSON in which nothing can end the element that it stands in. */
  private static String data(Profile profile) {
    Map<String, Object> all = new TreeMap<>();
    all.put("begins", profile.begins().toString());
    all.put("millis", profile.millis());
    all.put("frames", profile.frames());
    all.put("notes", profile.notes());
    String json = Json.of(all).toString();
    StringBuilder text = new StringBuilder(json.substring(0, json.lastIndexOf('}')));
    text.append(",\"parents\":").append(numbers(profile.parents()));
    text.append(",\"names\":").append(numbers(profile.names()));
    text.append(",\"samples\":").append(rows(profile.samples()));
    text.append(",\"load\":").append(rows(profile.load()));
    text.append(",\"events\":").append(events(profile.events())).append('}');
    return text.toString().replace("<", "\\u003c");
  }

  private static String numbers(int[] all) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < all.length; i++) {
      text.append(i == 0 ? "" : ",").append(all[i]);
    }
    return text.append(']').toString();
  }

  /** One flat list, three numbers to a row. */
  private static String rows(List<int[]> rows) {
    StringJoiner text = new StringJoiner(",", "[", "]");
    rows.forEach(it -> text.add(it[0] + "," + it[1] + "," + it[2]));
    return text.toString();
  }

  private static String events(List<Happening> events) {
    StringJoiner text = new StringJoiner(",", "[", "]");
    for (Happening event : events) {
      text.add(Json.of(List.of(event.at(), event.micros(), event.kind(), event.what())).toString());
    }
    return text.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(FlamePage.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
