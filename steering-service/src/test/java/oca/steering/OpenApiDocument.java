package oca.steering;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The document as the test reads it, with a validator for the part of JSON Schema that it uses.
 * Properties that a schema does not name are faults here.
 */
final class OpenApiDocument {
  /** Words of JSON Schema that {@link #faults} heeds, and those that it need not. */
  private static final Set<String> WORDS =
      Set.of(
          "$ref",
          "type",
          "required",
          "properties",
          "items",
          "enum",
          "additionalProperties",
          "anyOf",
          "pattern",
          "minimum",
          "maximum",
          "minItems",
          "maxItems",
          "maxLength",
          "format",
          "description",
          "default",
          "contentMediaType",
          "contentSchema");

  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  /** One operation. */
  record Operation(String listener, String method, String path, Map<?, ?> what) {
    /** As a listener names the route. */
    String route() {
      int brace = path.indexOf('{');
      return method + " " + (brace < 0 ? path : path.substring(0, brace));
    }

    boolean isOn(String one) {
      return listener.equals(one) || listener.equals("both");
    }
  }

  private final Map<?, ?> root;

  OpenApiDocument(Map<?, ?> root) {
    this.root = root;
  }

  Map<?, ?> root() {
    return root;
  }

  List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    map(root.get("paths"))
        .forEach(
            (path, item) ->
                map(item)
                    .forEach(
                        (key, what) -> {
                          if (METHODS.contains(String.valueOf(key))) {
                            Object own = map(what).get("x-listener");
                            Object listener = own == null ? map(item).get("x-listener") : own;
                            String method = String.valueOf(key).toUpperCase(Locale.ROOT);
                            all.add(
                                new Operation(
                                    String.valueOf(listener),
                                    method,
                                    String.valueOf(path),
                                    map(what)));
                          }
                        }));
    return all;
  }

  Set<String> routes(String listener) {
    Set<String> routes = new TreeSet<>();
    operations().stream()
        .filter(operation -> operation.isOn(listener))
        .forEach(operation -> routes.add(operation.route()));
    return routes;
  }

  /** The operation that documents a request: of those that fit, the one with the longest path. */
  Optional<Operation> find(String listener, String method, String path) {
    return operations().stream()
        .filter(operation -> operation.isOn(listener) && operation.method().equals(method))
        .filter(operation -> fits(operation, path))
        .max(Comparator.comparingInt(operation -> operation.path().length()));
  }

  private static boolean fits(Operation operation, String path) {
    StringBuilder pattern = new StringBuilder();
    for (String part : operation.path().split("(?=\\{)|(?<=\\})", -1)) {
      boolean deep = part.startsWith("{") && !part.equals("{appliance}") && !part.equals("{order}");
      pattern.append(deep ? ".*" : part.startsWith("{") ? "[^/]+" : Pattern.quote(part));
    }
    return path.matches(pattern.toString());
  }

  /** What a reference stands for; anything else is returned as it is. */
  Map<?, ?> resolved(Object what) {
    Map<?, ?> map = map(what);
    if (!(map.get("$ref") instanceof String reference)) {
      return map;
    }
    Object at = root;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      at = at instanceof Map<?, ?> inner ? inner.get(step) : null;
    }
    return resolved(there(at, reference + " leads nowhere"));
  }

  /** What speaks against the value being of that schema, each with its place. */
  List<String> faults(Object schema, @Nullable Object value, String at) {
    Map<?, ?> rules = resolved(schema);
    List<String> faults = new ArrayList<>();
    rules.keySet().stream()
        .filter(word -> !WORDS.contains(String.valueOf(word)))
        .forEach(word -> faults.add(at + ": the schema has " + word + ", which is not checked"));
    if (rules.get("anyOf") instanceof List<?> any
        && any.stream().noneMatch(one -> faults(one, value, at).isEmpty())) {
      faults.add(at + ": is none of what it may be: " + value);
    }
    if (rules.get("type") instanceof String type && !isOf(type, value)) {
      faults.add(at + ": is no " + type + ": " + value);
      return faults;
    }
    if (rules.get("enum") instanceof List<?> words && !words.contains(value)) {
      faults.add(at + ": is none of " + words + ": " + value);
    }
    if (value instanceof String text) {
      ofText(rules, text, at, faults);
    } else if (value instanceof Number number) {
      ofNumber(rules, number.doubleValue(), at, faults);
    } else if (value instanceof List<?> list) {
      ofList(rules, list, at, faults);
    } else if (value instanceof Map<?, ?> object) {
      ofObject(rules, object, at, faults);
    }
    return faults;
  }

  private static void ofText(Map<?, ?> rules, String text, String at, List<String> faults) {
    if (rules.get("pattern") instanceof String pattern
        && !Pattern.compile(pattern).matcher(text).find()) {
      faults.add(at + ": does not match " + pattern + ": " + text);
    }
    if (rules.get("maxLength") instanceof Number most && text.length() > most.intValue()) {
      faults.add(at + ": is longer than " + most);
    }
    if ("date-time".equals(rules.get("format"))
        && !text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z")) {
      faults.add(at + ": is no instant: " + text);
    }
  }

  private static void ofNumber(Map<?, ?> rules, double number, String at, List<String> faults) {
    if ((rules.get("minimum") instanceof Number least && number < least.doubleValue())
        || (rules.get("maximum") instanceof Number most && number > most.doubleValue())) {
      faults.add(at + ": is out of range: " + number);
    }
  }

  private void ofList(Map<?, ?> rules, List<?> list, String at, List<String> faults) {
    if ((rules.get("minItems") instanceof Number least && list.size() < least.intValue())
        || (rules.get("maxItems") instanceof Number most && list.size() > most.intValue())) {
      faults.add(at + ": has too few items or too many: " + list.size());
    }
    Object items = rules.get("items");
    for (int i = 0; i < list.size() && items != null; i++) {
      faults.addAll(faults(items, list.get(i), at + "[" + i + "]"));
    }
  }

  private void ofObject(Map<?, ?> rules, Map<?, ?> object, String at, List<String> faults) {
    if (rules.get("required") instanceof List<?> names) {
      names.stream()
          .filter(name -> !object.containsKey(name))
          .forEach(name -> faults.add(at + ": lacks " + name));
    }
    Map<?, ?> properties = rules.get("properties") instanceof Map<?, ?> named ? named : Map.of();
    Object others = rules.get("additionalProperties");
    boolean isClosed = Boolean.FALSE.equals(others) || (others == null && !properties.isEmpty());
    object.forEach(
        (name, value) -> {
          Object schema = properties.get(name);
          if (schema != null) {
            faults.addAll(faults(schema, value, at + "." + name));
          } else if (others instanceof Map<?, ?> each) {
            faults.addAll(faults(each, value, at + "." + name));
          } else if (isClosed) {
            faults.add(at + ": has " + name + ", which the document does not know");
          }
        });
  }

  private static boolean isOf(String type, @Nullable Object value) {
    return switch (type) {
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "number" -> value instanceof Number;
      case "integer" ->
          value instanceof Integer || value instanceof Long || value instanceof BigInteger;
      case "null" -> value == null;
      default -> throw new IllegalArgumentException("no type of JSON Schema: " + type);
    };
  }

  /** What must be there. */
  static Object there(@Nullable Object what, String otherwise) {
    if (what == null) {
      throw new AssertionError(otherwise);
    }
    return what;
  }

  static Map<?, ?> map(@Nullable Object what) {
    return what instanceof Map<?, ?> map ? map : Map.of();
  }
}
