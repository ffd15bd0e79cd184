package oca.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The JSON Schema (draft 2020-12) of a configuration, for editors that complete and check while one
 * types. It accepts what {@link ConfigFile} accepts but for what only the records' own rules tell.
 */
public final class ConfigSchema {
  /** Of each value: whether a reload changes it ({@code live}), or it takes a restart. */
  private static final String CHANGES = "x-oca-changes";

  private final KeyDocs docs;

  private ConfigSchema(KeyDocs docs) {
    this.docs = docs;
  }

  /**
   * The schema as nested maps, lists and single values, to be written as JSON.
   *
   * @param title of the document it describes
   */
  public static Map<String, Object> of(String title, Class<? extends Record> type, KeyDocs docs) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", title);
    schema.putAll(new ConfigSchema(docs).record(type, false));
    return ordered(schema);
  }

  /** The same in an order that is the same in each JVM: that of {@code Map.of} is not. */
  private static Map<String, Object> ordered(Map<?, ?> map) {
    Map<String, Object> ordered =
        map instanceof LinkedHashMap ? new LinkedHashMap<>() : new TreeMap<>();
    map.forEach((key, value) -> ordered.put(String.valueOf(key), ordered(value)));
    return ordered;
  }

  private static Object ordered(Object value) {
    return switch (value) {
      case Map<?, ?> map -> ordered(map);
      case List<?> list -> list.stream().map(it -> ordered((Object) it)).toList();
      default -> value;
    };
  }

  private Map<String, Object> record(Class<? extends Record> type, boolean isLive) {
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      boolean live = isLive || component.isAnnotationPresent(Live.class);
      Map<String, Object> property =
          new LinkedHashMap<>(ordered(value(component.getGenericType(), live)));
      String meaning = docs.meaning(type, component.getName());
      if (!meaning.isEmpty()) {
        property.put("description", meaning);
      }
      if (ConfigKeys.inner(component.getGenericType()) == null || live) {
        property.put(CHANGES, live ? "live" : "restart");
      }
      Default fallback = component.getAnnotation(Default.class);
      Class<?> raw = component.getType();
      if (fallback != null && Scalars.knows(raw)) {
        property.put("default", Scalars.json(fallback.value(), raw));
      } else if (fallback == null
          && raw != Optional.class
          && raw != List.class
          && raw != Map.class) {
        required.add(component.getName());
      }
      properties.put(component.getName(), property);
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("additionalProperties", false);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("properties", properties);
    return schema;
  }

  private Map<String, Object> value(Type type, boolean live) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Map<String, Object> inner = value(arguments[arguments.length - 1], live);
      if (generic.getRawType() == List.class) {
        return Map.of("type", "array", "items", inner);
      }
      return generic.getRawType() == Map.class
          ? Map.of("type", "object", "additionalProperties", inner)
          : inner;
    }
    Class<?> plain = (Class<?>) type;
    if (Scalars.knows(plain)) {
      return Scalars.schema(plain);
    }
    Map<String, Object> keys = record(plain.asSubclass(Record.class), live);
    ShortForm.Reader shortForm = ShortForm.Reader.of(plain);
    return shortForm == null
        ? keys
        : Map.of(
            "anyOf",
            List.of(Map.of("type", "string"), keys),
            "examples",
            List.of(shortForm.plain()));
  }
}
