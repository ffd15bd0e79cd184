package oca.bench.serve;

import java.util.List;

/**
 * What a server is called on the command line: its kind, and what is set otherwise than in its
 * usual configuration, as in {@code oca-epoll:chunk=512KiB;piece=64KiB} or {@code
 * nginx:sendfile_max_chunk=512k}.
 *
 * @param text the whole name
 * @param kind such as {@code oca-epoll}
 * @param settings each a name, {@code =} and a value
 */
public record ServerName(String text, String kind, List<String> settings) {

  /** Understands a name; what it means is seen when the server starts. */
  public static ServerName of(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new ServerName(text, text, List.of())
        : new ServerName(
            text, text.substring(0, colon), List.of(text.substring(colon + 1).split(";", -1)));
  }

  /** A name for its files. */
  public String folder() {
    return text.replaceAll("[^A-Za-z0-9_-]", "-");
  }

  /** The settings as lines of a configuration, with this between a name and its value. */
  String lines(String between, String behind) {
    StringBuilder lines = new StringBuilder();
    for (String setting : settings) {
      lines.append(setting.replaceFirst("=", between)).append(behind).append('\n');
    }
    return lines.toString();
  }
}
