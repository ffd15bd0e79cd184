package oca.fill.trigger;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.config.Default;

/**
 * Who may trigger what.
 *
 * @param cdnId our CDN Provider ID, {@code AS} with a number, a colon and a qualifier (RFC 8007,
 *     section 4.6); commands that passed by us already are refused by it
 * @param owners content owners; none turns triggers off
 * @param keep how long the status of a trigger that ended is kept, at least an hour; what was
 *     pre-positioned by it stays wanted as long
 * @param limits what may grow how far
 */
public record TriggerConfig(
    @Default("AS64496:0") String cdnId,
    @Default("[]") List<Owner> owners,
    @Default("7d") Duration keep,
    @Default("{}") Limits limits) {
  private static final Duration SHORTEST = Duration.ofHours(1);

  public TriggerConfig {
    owners = List.copyOf(owners);
    require(
        cdnId.matches("AS[0-9]{1,10}:[!-~]{1,64}"),
        "cdnId must be like AS64496:0 (RFC 8007, section 4.6), not " + cdnId);
    require(keep.compareTo(SHORTEST) >= 0, "keep must be at least an hour");
    Set<String> names = new HashSet<>();
    for (Owner owner : owners) {
      require(names.add(owner.name()), "the owner " + owner.name() + " is listed twice");
    }
  }

  /**
   * A content owner, or in RFC 8007's words an upstream CDN.
   *
   * @param name for the log and the URIs of its triggers
   * @param token a file that holds its bearer token, 16 characters or more
   * @param content its content; it can trigger nothing else
   */
  public record Owner(String name, Path token, List<Content> content) {
    public Owner {
      content = List.copyOf(content);
      require(
          name.matches("[a-z0-9][a-z0-9-]{0,62}"),
          "an owner's name must be 1 to 63 lower-case letters, digits or -, not " + name);
      require(!content.isEmpty(), "the owner " + name + " has no content; name one URL or more");
    }
  }

  /**
   * Content below a URL.
   *
   * @param url how its URLs begin, as the owner writes them; the scheme does not count
   * @param service the appliances' service that pulls it; absent for files of the catalogue
   * @param prefix of a file's path in the catalogue, which the rest of a URL is appended to; empty,
   *     or ending with a slash
   */
  public record Content(URI url, Optional<String> service, @Default("\"\"") String prefix) {
    public Content {
      require(
          prefix.isEmpty() || (prefix.endsWith("/") && service.isEmpty()),
          "prefix must end with a slash and has no meaning beside service: " + prefix);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      require(
          http
              && url.getHost() != null
              && url.getRawQuery() == null
              && url.getRawFragment() == null,
          "url must be http(s)://host/path, not " + url);
      require(
          url.getRawPath() != null && url.getRawPath().endsWith("/"),
          "url must end with a slash, but is " + url);
    }
  }

  /**
   * What may grow how far; a command beyond is refused.
   *
   * @param triggers kept, of all owners together
   * @param targets URLs, patterns and collections of one command
   * @param targetsInAll of all triggers that are kept
   */
  public record Limits(
      @Default("1000") int triggers,
      @Default("10000") int targets,
      @Default("100000") int targetsInAll) {
    public Limits {
      require(triggers >= 1, "triggers must be 1 or more");
      require(targets >= 1, "targets must be 1 or more");
      require(targetsInAll >= targets, "targetsInAll must not be below targets");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
