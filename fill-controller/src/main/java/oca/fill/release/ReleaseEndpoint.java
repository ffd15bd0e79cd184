package oca.fill.release;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import oca.fill.catalog.CatalogView;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The release calendar over HTTP. What cannot be kept gets 422 with each problem, by its place in
 * the request, as problem+json; nothing of such a request is kept.
 *
 * <table>
 *   <caption>Routes</caption>
 *   <tr><td>GET /v1/releases</td><td>{@link Releases}</td></tr>
 *   <tr><td>PUT /v1/releases</td><td>{@link Asked}: in place of all; {@link Releases}</td></tr>
 *   <tr><td>GET /v1/releases/TITLE</td><td>{@link Entry}, 404</td></tr>
 *   <tr><td>PUT /v1/releases/TITLE</td><td>{@link Announcement}: of this title; {@link
 *       Entry}</td></tr>
 *   <tr><td>DELETE /v1/releases/TITLE</td><td>204, 404</td></tr>
 * </table>
 */
public final class ReleaseEndpoint {
  private static final Logger log = LoggerFactory.getLogger(ReleaseEndpoint.class);
  private static final String PATH = "/v1/releases";
  private static final int UNKNOWN_NAMED = 20;

  private final ReleaseBook book;
  private final Supplier<CatalogView> catalog;

  /** {@code catalog} gives the catalogue in force. */
  public ReleaseEndpoint(ReleaseBook book, Supplier<CatalogView> catalog) {
    this.book = book;
    this.catalog = catalog;
  }

  /** A list that is to be in place of all. */
  public record Asked(List<Announcement> releases) {
    public Asked {
      if (releases.stream().anyMatch(Objects::isNull)) {
        throw new IllegalArgumentException("releases has null among its entries; leave it out");
      }
      releases = List.copyOf(releases);
    }
  }

  /**
   * An announcement, and what the catalogue in force has of it.
   *
   * @param known files of the catalogue that it stands for
   * @param unknown what it names and the catalogue lacks by now, the first of it
   */
  public record Entry(Announcement release, int known, List<String> unknown) {
    public Entry {
      unknown = List.copyOf(unknown);
    }
  }

  /** All that is announced here; {@code version} grows with each change. */
  public record Releases(long version, List<Entry> releases) {
    public Releases {
      releases = List.copyOf(releases);
    }
  }

  /** Adds its routes. */
  public void routes(ControlListener listener) {
    listener
        .route("GET", PATH, _ -> Response.message(all()))
        .route("PUT", PATH, this::replace)
        .route("GET", PATH + "/", this::one)
        .route("PUT", PATH + "/", this::put)
        .route("DELETE", PATH + "/", this::remove);
  }

  /** Files of the catalogue that a path or a title stands for; playlists and the like are none. */
  public static List<ContentId> files(CatalogView catalog, String name) {
    ContentId id = ContentId.ofPath(name);
    return catalog.knows(id)
        ? List.of(id)
        : catalog.titles().getOrDefault(name, List.of()).stream()
            .filter(it -> !catalog.isBlockList(it))
            .map(CatalogEntry::id)
            .toList();
  }

  private Releases all() {
    ReleaseBook.Content content = book.content();
    CatalogView view = catalog.get();
    return new Releases(
        content.version(), content.releases().stream().map(it -> entry(view, it)).toList());
  }

  private static Entry entry(CatalogView view, Announcement release) {
    List<String> unknown =
        release.names().stream().filter(it -> files(view, it).isEmpty()).toList();
    int known = release.names().stream().mapToInt(it -> files(view, it).size()).sum();
    return new Entry(release, known, unknown.subList(0, Math.min(UNKNOWN_NAMED, unknown.size())));
  }

  private Response replace(Request request) throws IOException {
    Asked asked = request.message(Asked.class);
    List<String> problems = book.replace(asked.releases());
    if (!problems.isEmpty()) {
      return refused(problems);
    }
    log.info("{} releases announced in place of those before", asked.releases().size());
    return Response.message(all());
  }

  private Response one(Request request) {
    Optional<Announcement> found = book.find(title(request));
    return found.isEmpty() ? unknown(request) : Response.message(entry(catalog.get(), found.get()));
  }

  private Response put(Request request) throws IOException {
    Announcement announcement = request.message(Announcement.class);
    if (!announcement.title().equals(title(request))) {
      return refused(List.of("title is not that of the address; they must be the same"));
    }
    List<String> problems = book.put(announcement);
    if (!problems.isEmpty()) {
      return refused(problems);
    }
    log.info("announced: {} at {}", announcement.title(), announcement.releaseAt());
    return Response.message(entry(catalog.get(), announcement));
  }

  private Response remove(Request request) throws IOException {
    boolean removed = book.remove(title(request));
    return removed ? Response.empty(204) : unknown(request);
  }

  private static Response refused(List<String> problems) {
    return Response.problem(422, String.join("; ", problems));
  }

  private static Response unknown(Request request) {
    return Response.problem(404, "no release of this title is announced here: " + title(request));
  }

  private static String title(Request request) {
    return URLDecoder.decode(request.tail().replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
