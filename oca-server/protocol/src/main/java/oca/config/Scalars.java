package oca.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/** The single values that a configuration may hold, how each is written, and how it is read. */
final class Scalars {
  private static final String CREDENTIAL = "credential:";
  private static final String CREDENTIALS = "CREDENTIALS_DIRECTORY";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,13})\\s*(ms|s|min|h|d)");

  /** A century: whoever counts it in nanoseconds still has room for it. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private record Form(String looksLike, Function<String, Object> parse) {}

  private static final Map<Class<?>, Form> FORMS =
      Map.ofEntries(
          Map.entry(String.class, new Form("text", text -> text)),
          Map.entry(int.class, new Form("a whole number", text -> number(text, Integer::valueOf))),
          Map.entry(
              Integer.class, new Form("a whole number", text -> number(text, Integer::valueOf))),
          Map.entry(long.class, new Form("a whole number", text -> number(text, Long::valueOf))),
          Map.entry(double.class, new Form("a number", text -> number(text, Double::valueOf))),
          Map.entry(boolean.class, new Form("true or false", Scalars::truth)),
          Map.entry(Duration.class, new Form("a duration such as 500ms", Scalars::duration)),
          Map.entry(ByteSize.class, new Form("a size such as 512KiB", ByteSize::parse)),
          Map.entry(Endpoint.class, new Form("host:port", Endpoint::parse)),
          Map.entry(URI.class, new Form("a URI", URI::create)),
          Map.entry(Path.class, new Form("a path", Path::of)),
          Map.entry(
              Instant.class, new Form("an instant such as 2026-01-01T00:00:00Z", Scalars::instant)),
          Map.entry(LocalTime.class, new Form("a time of day such as 02:00", Scalars::timeOfDay)),
          Map.entry(ZoneId.class, new Form("a time zone such as Europe/Berlin", Scalars::zone)),
          Map.entry(ApplianceId.class, new Form("an appliance id", ApplianceId::new)),
          Map.entry(SiteId.class, new Form("a site id", SiteId::new)));

  private final Map<String, String> environment;

  /**
   * @param environment of the process, for {@code credential:NAME}
   */
  Scalars(Map<String, String> environment) {
    this.environment = environment;
  }

  static boolean knows(Class<?> type) {
    return type.isEnum() || FORMS.containsKey(type);
  }

  static String form(Class<?> type) {
    Form form = FORMS.get(type);
    if (form != null) {
      return form.looksLike();
    }
    ShortForm.Reader shortForm = ShortForm.Reader.of(type);
    return shortForm != null ? shortForm.example() : "one of " + choices(type);
  }

  /** What JSON Schema says of the value. */
  static Map<String, Object> schema(Class<?> type) {
    if (type.isEnum()) {
      @Nullable Object[] constants = Objects.requireNonNull(type.getEnumConstants());
      return Map.of("enum", Arrays.stream(constants).map(Scalars::written).toList());
    }
    if (type == boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == int.class || type == Integer.class || type == long.class) {
      return Map.of("type", "integer");
    }
    if (type == double.class) {
      return Map.of("type", "number");
    }
    if (type == Duration.class) {
      return Map.of("type", "string", "pattern", "^" + DURATION.pattern() + "$");
    }
    return type == ByteSize.class
        ? Map.of("type", "string", "pattern", "^" + ByteSize.FORM.pattern() + "$")
        : Map.of("type", "string");
  }

  /** A default as JSON would have it. */
  static Object json(String written, Class<?> type) {
    Object value = new Scalars(Map.of()).parse(written.replace("\"", ""), type);
    return value instanceof Number || value instanceof Boolean
        ? value
        : written(value, written.replace("\"", ""));
  }

  /** How a value would be written; {@code given} where that is as good as any. */
  static String written(Object value, String given) {
    return switch (value) {
      case Duration duration -> written(duration);
      case Enum<?> constant -> written((Object) constant);
      case ByteSize size -> size.toString();
      case Number number -> number.toString();
      default -> given;
    };
  }

  private static String written(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "min" : seconds + "s";
  }

  /** Reads the value, or throws IllegalArgumentException with a sentence for the operator. */
  Object parse(String text, Class<?> type) {
    if (type == Path.class && text.startsWith(CREDENTIAL)) {
      return credential(text.substring(CREDENTIAL.length()));
    }
    Form form = FORMS.get(type);
    if (form != null) {
      return form.parse().apply(text);
    }
    ShortForm.Reader shortForm = ShortForm.Reader.of(type);
    if (shortForm != null) {
      return shortForm.read(text);
    }
    String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(wanted)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("expected one of " + choices(type) + ", not: " + text);
  }

  private Path credential(String name) {
    String folder = environment.get(CREDENTIALS);
    if (folder == null) {
      throw new IllegalArgumentException(
          CREDENTIALS
              + " is not set, so there is no credential; give the unit LoadCredential="
              + name
              + ":PATH, or a path here");
    }
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException("not the name of a credential: " + name);
    }
    Path file = Path.of(folder, name);
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          "no credential " + name + "; give the unit LoadCredential=" + name + ":PATH");
    }
    return file;
  }

  private static String choices(Class<?> type) {
    @Nullable Object @Nullable [] constants = type.getEnumConstants();
    return constants == null
        ? type.getSimpleName()
        : String.join(", ", Arrays.stream(constants).map(Scalars::written).toList());
  }

  private static String written(@Nullable Object constant) {
    return String.valueOf(constant).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object number(String text, Function<String, Object> parse) {
    try {
      return parse.apply(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number in range: " + text, e);
    }
  }

  private static Object truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false, not: " + text);
    };
  }

  private static Object duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "not a duration such as 500ms, 30s, 5min, 2h or 1d: " + text);
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration duration = duration(amount, matcher.group(2));
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a duration beyond " + LONGEST.toDays() + "d: " + text);
    }
    return duration;
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "min" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Object instant(String text) {
    return time(text, "an instant such as 2026-01-01T00:00:00Z", Instant::parse);
  }

  private static Object timeOfDay(String text) {
    return time(text, "a time of day such as \"02:00\"", LocalTime::parse);
  }

  private static Object zone(String text) {
    return time(text, "a time zone such as Europe/Berlin", ZoneId::of);
  }

  private static Object time(String text, String form, Function<String, Object> parse) {
    try {
      return parse.apply(text);
    } catch (java.time.DateTimeException e) {
      throw new IllegalArgumentException("not " + form + ": " + text, e);
    }
  }
}
