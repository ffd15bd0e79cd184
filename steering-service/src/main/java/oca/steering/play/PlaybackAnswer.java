package oca.steering.play;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import oca.model.Address;
import oca.steering.rank.Decision;
import oca.steering.routes.ForwardingTable.Match;
import org.jspecify.annotations.Nullable;

/**
 * Where to fetch a file, or the files of a title, from.
 *
 * @param path as asked for; left out of a title's answer
 * @param title as asked for; left out of a file's answer
 * @param client the address decided for
 * @param network the client's prefix; empty when none contains it
 * @param site the client's home site; empty when it has none
 * @param refreshSeconds ask again after this
 * @param expires when the URLs end; left out when they do not
 * @param urls of the file, best first, the origin's last; left out of a title's answer
 * @param files of the title, in the catalogue's order; left out of a file's answer
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record PlaybackAnswer(
    @Nullable String path,
    @Nullable String title,
    String client,
    @JsonInclude String network,
    @JsonInclude String site,
    long refreshSeconds,
    @Nullable Instant expires,
    List<String> urls,
    List<Urls> files) {

  /** One file of a title, with its URLs as above. */
  record Urls(String path, List<String> urls) {}

  static PlaybackAnswer ofFile(
      String path,
      Address client,
      Decision decision,
      long refreshSeconds,
      @Nullable Instant expires,
      List<String> urls) {
    return of(path, null, client, decision, refreshSeconds, expires, urls, List.of());
  }

  static PlaybackAnswer ofTitle(
      String title,
      Address client,
      Decision decision,
      long refreshSeconds,
      @Nullable Instant expires,
      List<Urls> files) {
    return of(null, title, client, decision, refreshSeconds, expires, List.of(), files);
  }

  private static PlaybackAnswer of(
      @Nullable String path,
      @Nullable String title,
      Address client,
      Decision decision,
      long refreshSeconds,
      @Nullable Instant expires,
      List<String> urls,
      List<Urls> files) {
    Match match = decision.match();
    return new PlaybackAnswer(
        path,
        title,
        client.toString(),
        match == null ? "" : match.prefix().toString(),
        match == null ? "" : match.home().value(),
        refreshSeconds,
        expires,
        urls,
        files);
  }
}
