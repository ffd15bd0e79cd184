package oca.fill.trigger;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import oca.fill.catalog.CatalogView;
import oca.fill.trigger.TriggerConfig.Content;
import oca.fill.trigger.TriggerError.Code;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.protocol.CatalogEntry;

/**
 * What of our content an owner's words mean. One for each command; for one thread.
 *
 * <p>Files of the catalogue never change, so there is nothing about them that could be invalid: to
 * invalidate them is done when it is said. Pulled content is told apart by service and path, and
 * appliances purge it by path, by prefix or by tag.
 */
final class Scope {
  private static final String NO_METADATA = "no CDNI metadata is acquired here";

  private final TriggerConfig.Owner owner;
  private final CatalogView catalog;
  private final Set<String> titles = new TreeSet<>();
  private final Set<ContentId> files = new LinkedHashSet<>();
  private final List<Map<String, String>> purges = new ArrayList<>();
  private final List<TriggerError> errors = new ArrayList<>();

  private Scope(TriggerConfig.Owner owner, CatalogView catalog) {
    this.owner = owner;
    this.catalog = catalog;
  }

  /**
   * Takes a trigger apart.
   *
   * @throws ForeignContentException when it names a URL that is not the owner's
   * @throws IllegalArgumentException when it is malformed
   */
  static Work work(TriggerConfig.Owner owner, CatalogView catalog, TriggerSpec spec)
      throws ForeignContentException {
    Scope scope = new Scope(owner, catalog);
    switch (spec.type()) {
      case "preposition" -> scope.preposition(spec);
      case "invalidate" -> scope.forget(spec, true);
      case "purge" -> scope.forget(spec, false);
      default ->
          scope.errors.add(
              TriggerError.all(
                  Code.EUNSUPPORTED,
                  spec,
                  "the type is none of preposition, invalidate and purge: " + spec.type()));
    }
    return new Work(scope.titles, List.copyOf(scope.files), scope.purges, scope.errors);
  }

  private void preposition(TriggerSpec spec) throws ForeignContentException {
    if (!spec.contentPatterns().isEmpty() || !spec.metadataPatterns().isEmpty()) {
      throw new IllegalArgumentException(
          "preposition goes by URLs or collections, not by patterns (RFC 8007, section 5.2.1)");
    }
    if (!spec.metadataUrls().isEmpty()) {
      errors.add(TriggerError.metadata(spec, NO_METADATA));
    }
    for (String url : spec.contentUrls()) {
      Content content = contentOf(url);
      Optional<String> title = path(content, url).flatMap(catalog::titleOf);
      if (content.service().isPresent()) {
        errors.add(
            TriggerError.url(
                Code.EREJECT, url, "it is pulled when it is asked for, and not pre-positioned"));
      } else if (title.isEmpty()) {
        errors.add(TriggerError.url(Code.ECONTENT, url, "it is not in the catalogue in force"));
      } else {
        titles.add(title.get());
      }
    }
    for (String ccid : spec.contentCcid()) {
      if (ownFiles(ccid).isEmpty()) {
        errors.add(
            TriggerError.ccid(
                Code.ECONTENT, ccid, "no title of the owner's is called so in the catalogue"));
      } else {
        titles.add(ccid);
      }
    }
  }

  private void forget(TriggerSpec spec, boolean soft) throws ForeignContentException {
    for (String url : spec.contentUrls()) {
      Content content = contentOf(url);
      if (content.service().isPresent()) {
        purge(content.service().get(), "url", Urls.target(Urls.comparable(url)), soft);
      } else if (!soft) {
        // Also one that the catalogue does not list any more: it may still be held.
        path(content, url).ifPresent(path -> files.add(ContentId.ofPath(path)));
      }
    }
    for (String ccid : spec.contentCcid()) {
      List<CatalogEntry> known = ownFiles(ccid);
      List<String> services =
          owner.content().stream().flatMap(it -> it.service().stream()).toList();
      if (!soft) {
        known.forEach(file -> files.add(file.id()));
      }
      services.stream().distinct().forEach(service -> purge(service, "tag", ccid, soft));
    }
    spec.contentPatterns().forEach(pattern -> forget(pattern, soft));
  }

  private void forget(UrlPattern pattern, boolean soft) {
    for (Content content : owner.content()) {
      String base = Urls.comparable(content.url().toString());
      if (content.service().isPresent()) {
        forgetPulled(pattern, base, content.service().get(), soft);
      } else if (!soft) {
        for (List<CatalogEntry> title : catalog.titles().values()) {
          for (CatalogEntry file : title) {
            if (file.path().startsWith(content.prefix())
                && pattern.matches(base + file.path().substring(content.prefix().length()))) {
              files.add(file.id());
            }
          }
        }
      }
    }
  }

  private void forgetPulled(UrlPattern pattern, String base, String service, boolean soft) {
    String front = Urls.withoutScheme(pattern.pattern());
    if (!pattern.isPrefix() || front.indexOf('/') < 0) {
      errors.add(
          TriggerError.pattern(
              Code.EREJECT,
              pattern,
              "content of "
                  + service
                  + " is forgotten by URL, by collection, or by a pattern that is a URL with one *"
                  + " at its end"));
      return;
    }
    String prefix = Urls.comparable(front.substring(0, front.length() - 1));
    if (base.startsWith(prefix)) {
      purge(service, "prefix", Urls.target(base), soft);
    } else if (!prefix.startsWith(base)) {
      return;
    } else if (pattern.isExact() || !Urls.target(prefix).matches(".*[A-Za-z].*")) {
      purge(service, "prefix", Urls.target(prefix), soft);
    } else {
      errors.add(
          TriggerError.pattern(
              Code.EREJECT,
              pattern,
              "paths of " + service + " differ by case; set case-sensitive"));
    }
  }

  private void purge(String service, String kind, String target, boolean soft) {
    purges.add(Map.of("service", service, kind, target, "soft", String.valueOf(soft)));
  }

  private List<CatalogEntry> ownFiles(String title) {
    return catalog.titles().getOrDefault(title, List.of()).stream()
        .filter(
            file ->
                owner.content().stream()
                    .anyMatch(
                        content ->
                            content.service().isEmpty()
                                && file.path().startsWith(content.prefix())))
        .toList();
  }

  private Content contentOf(String url) throws ForeignContentException {
    String comparable = Urls.comparable(url);
    for (Content content : owner.content()) {
      if (comparable.startsWith(Urls.comparable(content.url().toString()))) {
        return content;
      }
    }
    throw new ForeignContentException(url + " is not below a URL of the owner " + owner.name());
  }

  /** The path in the catalogue that a URL stands for; empty when there can be no such path. */
  private static Optional<String> path(Content content, String url) {
    String base = Urls.comparable(content.url().toString());
    String path =
        content.prefix() + Urls.withoutQuery(Urls.comparable(url)).substring(base.length());
    return content.service().isEmpty() && ContentPath.fault(path) == null
        ? Optional.of(path)
        : Optional.empty();
  }
}
