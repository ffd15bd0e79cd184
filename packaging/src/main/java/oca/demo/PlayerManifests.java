package oca.demo;

import java.net.URI;
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
  private static final Pattern MPD_START = Pattern.compile("<MPD\\b[^>]*>", Pattern.DOTALL);
  private static final Pattern PERIOD = Pattern.compile("[ \\t]*<Period\\b");

  private PlayerManifests() {}

  /**
   * An HLS multivariant playlist.
   *
   * @param plain with relative URIs
   * @param base absolute, ends with a slash: what the URIs are relative to
   * @param steering the steering manifest's URI
   */
  static String hls(String plain, URI base, URI steering) {
    StringBuilder out = new StringBuilder();
    boolean named = false;
    for (String line : plain.lines().toList()) {
      if (!named && line.startsWith("#EXT-X-") && !line.startsWith("#EXT-X-VERSION")) {
        out.append("#EXT-X-CONTENT-STEERING:SERVER-URI=\"")
            .append(steering)
            .append("\",PATHWAY-ID=\"" + ORIGIN_PATHWAY + "\"\n");
        named = true;
      }
      out.append(hlsLine(line, base)).append('\n');
    }
    return out.toString();
  }

  private static String hlsLine(String line, URI base) {
    if (line.isBlank() || (line.startsWith("#") && !line.startsWith("#EXT-X-"))) {
      return line;
    }
    if (!line.startsWith("#")) {
      return base.resolve(line).toString();
    }
    Matcher uri = URI_ATTRIBUTE.matcher(line);
    String absolute =
        uri.find()
            ? line.substring(0, uri.start(1))
                + base.resolve(uri.group(1))
                + line.substring(uri.end(1))
            : line;
    return absolute.startsWith("#EXT-X-STREAM-INF")
        ? absolute + ",PATHWAY-ID=\"" + ORIGIN_PATHWAY + "\""
        : absolute;
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
