package oca.server.purge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A purge as an operator asks for it.
 *
 * <p>As text it is a handful of arguments: {@code service}, exactly one of {@code url}, {@code
 * prefix}, {@code tag} and {@code all}, and, as wanted, {@code soft} and {@code dryRun}; the last
 * three are {@code true} or {@code false}.
 *
 * @param service whose objects
 * @param kind what the target is
 * @param target path with query, prefix of such, or tag; empty for everything
 * @param soft whether objects become stale rather than go
 * @param dryRun whether nothing is purged, only told what would be
 */
public record PurgeOrder(String service, Kind kind, String target, boolean soft, boolean dryRun) {
  private static final String SERVICE = "service";
  private static final String SOFT = "soft";
  private static final String DRY_RUN = "dryRun";
  private static final String KNOWN = "service, url, prefix, tag, all, soft, dryRun";

  public PurgeOrder {
    if (!service.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new IllegalArgumentException(
          "service must be 1 to 64 letters, digits, . _ or -, not: " + printable(service));
    }
    switch (kind) {
      case ALL -> require(target.isEmpty(), "all has no target: " + printable(target));
      case URL, PREFIX ->
          require(
              target.matches("/[!-~]*") && target.indexOf('#') < 0,
              kind.key()
                  + " must be a path as requests have it, from its slash, without scheme and host"
                  + " or fragment, not: "
                  + printable(target));
      case TAG ->
          require(
              target.matches("[ -+\\--~\u0080-\u00ff]+") && target.equals(target.strip()),
              "tag must be one tag, without comma and without blanks around, not: "
                  + printable(target));
    }
  }

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException saying what is wrong with them
   */
  public static PurgeOrder parse(Map<String, String> arguments) {
    List<Kind> kinds = new ArrayList<>();
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      @Nullable Kind kind = kind(argument.getKey());
      if (kind != null && (kind != Kind.ALL || flag(arguments, Kind.ALL.key()))) {
        kinds.add(kind);
      } else if (kind == null && !isOption(argument.getKey())) {
        throw new IllegalArgumentException(
            "unknown argument " + printable(argument.getKey()) + "; there are " + KNOWN);
      }
    }
    if (kinds.size() != 1) {
      throw new IllegalArgumentException(
          "give one of url, prefix, tag and all=true, and only one; given are " + kinds.size());
    }
    String service = arguments.get(SERVICE);
    if (service == null) {
      throw new IllegalArgumentException("service is missing: whose objects are to be purged?");
    }
    Kind kind = kinds.getFirst();
    String target = kind == Kind.ALL ? "" : arguments.getOrDefault(kind.key(), "");
    return new PurgeOrder(service, kind, target, flag(arguments, SOFT), flag(arguments, DRY_RUN));
  }

  /** The arguments that {@link #parse} makes this order of. */
  public Map<String, String> arguments() {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put(SERVICE, service);
    arguments.put(kind.key(), kind == Kind.ALL ? "true" : target);
    if (soft) {
      arguments.put(SOFT, "true");
    }
    if (dryRun) {
      arguments.put(DRY_RUN, "true");
    }
    return arguments;
  }

  /** What is remembered of it, if it gets that generation. */
  Rule rule(long generation) {
    return new Rule(generation, service, kind, target, soft);
  }

  private static @Nullable Kind kind(String key) {
    for (Kind kind : Kind.values()) {
      if (kind.key().equals(key)) {
        return kind;
      }
    }
    return null;
  }

  private static boolean isOption(String key) {
    return key.equals(SERVICE) || key.equals(SOFT) || key.equals(DRY_RUN);
  }

  private static boolean flag(Map<String, String> arguments, String key) {
    String value = arguments.getOrDefault(key, "false");
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(key + " must be true or false, not: " + printable(value));
    }
    return value.equals("true");
  }

  private static void require(boolean is, String fault) {
    if (!is) {
      throw new IllegalArgumentException(fault);
    }
  }

  private static String printable(String text) {
    String cut = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return cut.replaceAll("[^ -~]", "?");
  }
}
