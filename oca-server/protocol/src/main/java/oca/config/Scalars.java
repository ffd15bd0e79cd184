package oca.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.model.SiteId;
import org.jspecify.annotations.Nullable;

/** The single values that a configuration may hold, how each is written, and how it is read. */
final class Scalars {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|min|h|d)");

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

  private Scalars() {}

  static boolean knows(Class<?> type) {
    return type.isEnum() || FORMS.containsKey(type);
  }

  static String form(Class<?> type) {
    Form form = FORMS.get(type);
    return form == null ? "one of " + choices(type) : form.looksLike();
  }

  /** Reads the value, or throws IllegalArgumentException with a sentence for the operator. */
  static Object parse(String text, Class<?> type) {
    Form form = FORMS.get(type);
    if (form != null) {
      return form.parse().apply(text);
    }
    String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(wanted)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("expected one of " + choices(type) + ", not: " + text);
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
