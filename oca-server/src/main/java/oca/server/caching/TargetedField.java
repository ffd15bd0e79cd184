package oca.server.caching;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Directives in a targeted field such as CDN-Cache-Control, which is a dictionary of structured
 * fields (RFC 9213, section 2.1).
 *
 * <p>The RFC says what type each directive has and nothing of what to do with another; it is taken
 * as malformed, which is to say stale where it is a time. A directive that is {@code ?0} is absent.
 */
final class TargetedField {
  private static final Set<String> TIMES =
      Set.of("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error");

  private TargetedField() {}

  /**
   * The directives of the field, or null when it is absent, empty or cannot be read, and is to be
   * ignored.
   */
  static @Nullable Directives directives(@Nullable String field) {
    Map<String, DictionaryParser.Value> members =
        field == null ? null : DictionaryParser.parse(field);
    if (members == null || members.isEmpty()) {
      return null;
    }
    List<Directives.Directive> all = new ArrayList<>(members.size());
    members.forEach(
        (name, value) -> {
          Directives.Directive directive = directive(name, value);
          if (directive != null) {
            all.add(directive);
          }
        });
    return new Directives(all, false);
  }

  private static Directives.@Nullable Directive directive(
      String name, DictionaryParser.Value value) {
    boolean isTime = TIMES.contains(name);
    return switch (value) {
      case DictionaryParser.Value.Flag(boolean set) ->
          set || isTime ? new Directives.Directive(name, null, !isTime) : null;
      case DictionaryParser.Value.Whole(long number) ->
          new Directives.Directive(name, Long.toString(number), isTime && number >= 0);
      case DictionaryParser.Value.Text(String text) ->
          new Directives.Directive(name, text, !isTime);
      case DictionaryParser.Value.Other() -> new Directives.Directive(name, "", false);
    };
  }
}
