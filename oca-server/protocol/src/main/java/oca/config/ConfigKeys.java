package oca.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All keys that a configuration may have, as its records say.
 *
 * @param keys in the order of the records' components; a group stands before what is in it
 */
public record ConfigKeys(List<Key> keys) {
  private static final Pattern DOT = Pattern.compile("\\.");

  public ConfigKeys {
    keys = List.copyOf(keys);
  }

  /**
   * One key.
   *
   * @param path such as {@code http.maxConnections}; {@code []} stands for each item of a list and
   *     {@code *} for each name of a map
   * @param form what is written there, in words
   * @param fallback the value when it is not given, as it would be written; empty when there is
   *     none
   * @param required whether it must be given (where what it belongs to is)
   * @param group whether keys stand below it
   * @param live whether a reload changes it; else it takes a restart
   * @param meaning what it is for; empty when that was not recorded
   */
  public record Key(
      String path,
      String form,
      String fallback,
      boolean required,
      boolean group,
      boolean live,
      String meaning) {}

  /** Of such a record. */
  public static ConfigKeys of(Class<? extends Record> type, KeyDocs docs) {
    List<Key> keys = new ArrayList<>();
    collect(type, "", false, docs, keys);
    return new ConfigKeys(keys);
  }

  /** The key of this path, in which numbers may stand for items and any names for {@code *}. */
  public Optional<Key> find(String path) {
    String general = path.replaceAll("\\[\\d*]", "[]");
    return keys.stream().filter(key -> matches(key.path(), general)).findFirst();
  }

  /** The keys below a group. */
  public List<Key> below(Key group) {
    return keys.stream()
        .filter(
            key ->
                key.path().startsWith(group.path() + ".")
                    || key.path().startsWith(group.path() + "["))
        .toList();
  }

  /** The path that an unknown one was probably meant to be. */
  public String nearest(String path) {
    return NearestWord.to(path, keys.stream().map(Key::path).toList());
  }

  private static boolean matches(String known, String asked) {
    List<String> a = DOT.splitAsStream(known).toList();
    List<String> b = DOT.splitAsStream(asked).toList();
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).equals(b.get(i)) && !a.get(i).equals("*")) {
        return false;
      }
    }
    return true;
  }

  private static void collect(
      Class<? extends Record> type, String path, boolean isLive, KeyDocs docs, List<Key> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = path.isEmpty() ? component.getName() : path + "." + component.getName();
      Default fallback = component.getAnnotation(Default.class);
      Class<?> raw = component.getType();
      boolean optional = raw == Optional.class || raw == List.class || raw == Map.class;
      Type held = component.getGenericType();
      Class<? extends Record> record = inner(held);
      boolean live = isLive || component.isAnnotationPresent(Live.class);
      keys.add(
          new Key(
              name,
              form(held),
              fallback == null || fallback.value().equals("{}") ? "" : fallback.value(),
              fallback == null && !optional,
              record != null,
              live,
              docs.meaning(type, component.getName())));
      if (record != null) {
        collect(record, name + suffix(held), live, docs, keys);
      }
    }
  }

  /** The record that stands in such a value, once or many times; null when none does. */
  static @org.jspecify.annotations.Nullable Class<? extends Record> inner(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return inner(arguments[arguments.length - 1]);
    }
    Class<?> plain = (Class<?>) type;
    return plain.isRecord() && !Scalars.knows(plain) ? plain.asSubclass(Record.class) : null;
  }

  private static String suffix(Type type) {
    if (!(type instanceof ParameterizedType generic)) {
      return "";
    }
    Type[] arguments = generic.getActualTypeArguments();
    String inner = suffix(arguments[arguments.length - 1]);
    if (generic.getRawType() == List.class) {
      return "[]" + inner;
    }
    return generic.getRawType() == Map.class ? ".*" + inner : inner;
  }

  private static String form(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      String inner = form(arguments[arguments.length - 1]);
      if (generic.getRawType() == List.class) {
        return "a list, each " + inner;
      }
      return generic.getRawType() == Map.class ? "names, each with " + inner : inner;
    }
    Class<?> plain = (Class<?>) type;
    if (Scalars.knows(plain)) {
      return Scalars.form(plain);
    }
    String keys = Binder.keys(plain).stream().collect(Collectors.joining(", "));
    ShortForm.Reader shortForm = ShortForm.Reader.of(plain);
    return shortForm == null ? "keys: " + keys : shortForm.example() + ", or keys: " + keys;
  }
}
