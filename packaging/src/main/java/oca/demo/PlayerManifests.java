package oca.demo;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a title's plain playlists into steered ones, as a publisher's web application does for each
 * session: the origin becomes the pathway that all others are cloned from, and a content steering
 * server is named (HLS: RFC 8216bis, section 7; DASH: ETSI TS 103 998). Pure.
 */
final class PlayerManifests {
  /** The pathway of the origin. */
  static final String ORIGIN_PATHWAY = "origin";

  private static final Pattern URI_ATTRIBUTE = Pattern.compile("URI=\"([^\"]+)\"");
  private static final Pattern GROUP =
      Pattern.compile("\\b(GROUP-ID=|AUDIO=|SUBTITLES=)\"([^\"]+)\"");
  private static final String VARIANT = "#EXT-X-STREAM-INF:";
  private static final Pattern MPD_START = Pattern.compile("<MPD\\b[^>]*>", Pattern.DOTALL);
  private static final Pattern PERIOD = Pattern.compile("[ \\t]*<Period\\b");

  private PlayerManifests() {}

  /**
   * An HLS multivariant playlist. Each pathway that steering named has variants and renditions of
   * its own.
   *
   * @param plain with relative URIs
   * @param base absolute, ends with a slash: what the URIs are relative to
   */
  static String hls(String plain, URI base, FirstAnswer first) {
    StringBuilder out = new StringBuilder();
    List<String> lines = plain.lines().toList();
    boolean named = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!named && line.startsWith("#EXT-X-") && !line.startsWith("#EXT-X-VERSION")) {
        out.append("#EXT-X-CONTENT-STEERING:SERVER-URI=\"")
            .append(first.server())
            .append("\",PATHWAY-ID=\"" + first.pathway() + "\"\n");
        named = true;
      }
      boolean isVariant = line.startsWith(VARIANT) && i + 1 < lines.size();
      String uri = isVariant ? lines.get(++i) : "";
      out.append(hlsEntry(line, uri, base, ""));
      if (isVariant || line.startsWith("#EXT-X-MEDIA:")) {
        first
            .hosts()
            .forEach((pathway, host) -> out.append(hlsEntry(line, uri, at(host, base), pathway)));
      }
    }
    return out.toString();
  }

  /** A line, and the URI behind it if it is a variant's; the origin's pathway goes without name. */
  private static String hlsEntry(String line, String uri, URI base, String pathway) {
    String absolute = hlsLine(line, base);
    if (!pathway.isEmpty()) {
      absolute = GROUP.matcher(absolute).replaceAll("$1\"$2-" + pathway + "\"");
    }
    return uri.isEmpty()
        ? absolute + "\n"
        : absolute
            + ",PATHWAY-ID=\""
            + (pathway.isEmpty() ? ORIGIN_PATHWAY : pathway)
            + "\"\n"
            + base.resolve(uri)
            + "\n";
  }

  private static URI at(String host, URI base) {
    String port = base.getPort() < 0 ? "" : ":" + base.getPort();
    return URI.create(base.getScheme() + "://" + host + port + base.getRawPath());
  }

  private static String hlsLine(String line, URI base) {
    if (line.isBlank() || (line.startsWith("#") && !line.startsWith("#EXT-X-"))) {
      return line;
    }
    if (!line.startsWith("#")) {
      return base.resolve(line).toString();
    }
    Matcher uri = URI_ATTRIBUTE.matcher(line);
    return uri.find()
        ? line.substring(0, uri.start(1)) + base.resolve(uri.group(1)) + line.substring(uri.end(1))
        : line;
  }

  /**
   * A DASH manifest.
   *
   * @param plain without a BaseURL at MPD level
   * @param base absolute, ends with a slash: what its URLs are relative to
   * @param steering the steering manifest's URI
   * @throws IllegalArgumentException when it has no MPD element or no Period
   */
  static String dash(String plain, URI base, URI steering) {
    Matcher start = MPD_START.matcher(plain);
    Matcher period = PERIOD.matcher(plain);
    if (!start.find() || !period.find(start.end())) {
      throw new IllegalArgumentException("not an MPD: no MPD element with a Period in it");
    }
    String steered =
        "  <ContentSteering defaultServiceLocation=\""
            + ORIGIN_PATHWAY
            + "\" queryBeforeStart=\"true\">"
            + steering
            + "</ContentSteering>\n";
    String location =
        "  <BaseURL serviceLocation=\"" + ORIGIN_PATHWAY + "\">" + base + "</BaseURL>\n";
    return plain.substring(0, period.start())
        + location
        + steered
        + plain.substring(period.start());
  }
}
