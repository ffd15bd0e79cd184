package oca.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import oca.config.Effective.Setting;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Turns YAML nodes into records, noting each problem and going on. A method returns null exactly
 * when it has noted a problem.
 */
final class Binder {
  /** Words of a refusal that may name keys: {@code maxFile} or {@code tls.listen}. */
  private static final Pattern MENTION = Pattern.compile("[A-Za-z]\\w*(?:\\.[A-Za-z]\\w*)*");

  private final Places places;
  private final Scalars scalars;
  private final List<ConfigProblem> problems;
  private final List<Setting> settings = new ArrayList<>();
  private String path = "";

  Binder(Places places, Scalars scalars, List<ConfigProblem> problems) {
    this.places = places;
    this.scalars = scalars;
    this.problems = problems;
  }

  /** What was bound so far, value by value. */
  List<Setting> settings() {
    return settings;
  }

  <T extends Record> @Nullable T record(Node node, Class<T> type) {
    if (!(node instanceof MappingNode mapping)) {
      note(node, "expected keys and values here: " + String.join(", ", keys(type)));
      return null;
    }
    Map<String, NodeTuple> given = given(mapping, type);
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    boolean whole = given.size() == mapping.getValue().size();
    for (int i = 0; i < components.length; i++) {
      String outer = path;
      path = outer.isEmpty() ? components[i].getName() : outer + "." + components[i].getName();
      Object value = component(mapping, given.get(components[i].getName()), components[i]);
      path = outer;
      whole &= value != null;
      values[i] = value;
    }
    return whole ? construct(mapping, type, values) : null;
  }

  /** The known keys with their nodes; unknown and odd ones are noted. */
  private Map<String, NodeTuple> given(MappingNode mapping, Class<? extends Record> type) {
    List<String> known = keys(type);
    Map<String, NodeTuple> given = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        note(key, "a key must be a plain word");
      } else if (!known.contains(scalar.getValue())) {
        note(key, unknownKey(scalar.getValue(), known));
      } else if (given.put(scalar.getValue(), tuple) != null) {
        note(key, "the key \"" + scalar.getValue() + "\" is given twice; keep one");
      }
    }
    return given;
  }

  private static String unknownKey(String key, List<String> known) {
    return "unknown key \"" + key + "\"" + NearestWord.hint(key, known);
  }

  private @Nullable Object component(
      MappingNode parent, @Nullable NodeTuple tuple, RecordComponent component) {
    if (tuple != null) {
      return value(tuple.getValueNode(), component.getGenericType());
    }
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return fallbackValue(fallback.value(), component);
    }
    Class<?> type = component.getType();
    if (type == Optional.class) {
      settings.add(new Setting(path, "", Setting.DEFAULT));
      return Optional.empty();
    }
    if (type == List.class) {
      settings.add(new Setting(path, "[]", Setting.DEFAULT));
      return List.of();
    }
    if (type == Map.class) {
      settings.add(new Setting(path, "{}", Setting.DEFAULT));
      return Map.of();
    }
    note(parent, "the key \"" + component.getName() + "\" is missing");
    return null;
  }

  private Object fallbackValue(String text, RecordComponent component) {
    Node node = new Yaml(new LoaderOptions()).compose(new java.io.StringReader(text));
    List<ConfigProblem> faults = new ArrayList<>();
    Binder binder = new Binder(new Places(), scalars, faults);
    binder.path = path;
    Object value = binder.value(node, component.getGenericType());
    settings.addAll(binder.settings);
    if (value == null) {
      throw new IllegalStateException(
          "the default of " + component + " does not fit it: " + faults);
    }
    return value;
  }

  private @Nullable Object value(Node node, Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      Class<?> raw = (Class<?>) generic.getRawType();
      if (raw == List.class) {
        return list(node, arguments[0]);
      }
      if (raw == Map.class) {
        return map(node, arguments[1]);
      }
      if (raw == Optional.class) {
        Object value = value(node, arguments[0]);
        return value == null ? null : Optional.of(value);
      }
    }
    Class<?> plain = (Class<?>) type;
    if (Scalars.knows(plain)
        || (node instanceof ScalarNode && ShortForm.Reader.of(plain) != null)) {
      return scalar(node, plain);
    }
    if (plain.isRecord()) {
      return record(node, plain.asSubclass(Record.class));
    }
    throw new IllegalStateException("no way to configure a " + type);
  }

  private @Nullable Object list(Node node, Type element) {
    if (!(node instanceof SequenceNode sequence)) {
      note(node, "expected a list here: each item on a line of its own after a hyphen");
      return null;
    }
    if (sequence.getValue().isEmpty()) {
      settings.add(new Setting(path, "[]", origin(node)));
    }
    List<Object> values = new ArrayList<>();
    String outer = path;
    for (int i = 0; i < sequence.getValue().size(); i++) {
      path = outer + "[" + i + "]";
      Object value = value(sequence.getValue().get(i), element);
      if (value != null) {
        values.add(value);
      }
    }
    path = outer;
    return values.size() == sequence.getValue().size() ? List.copyOf(values) : null;
  }

  private @Nullable Object map(Node node, Type element) {
    if (!(node instanceof MappingNode mapping)) {
      note(node, "expected names and values here");
      return null;
    }
    if (mapping.getValue().isEmpty()) {
      settings.add(new Setting(path, "{}", origin(node)));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    String outer = path;
    for (NodeTuple tuple : mapping.getValue()) {
      path = tuple.getKeyNode() instanceof ScalarNode key ? outer + "." + key.getValue() : outer;
      Object value = value(tuple.getValueNode(), element);
      path = outer;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        note(tuple.getKeyNode(), "a name must be a plain word");
      } else if (value != null && values.put(key.getValue(), value) != null) {
        note(key, "the name \"" + key.getValue() + "\" is given twice; keep one");
      }
    }
    return values.size() == mapping.getValue().size() ? Map.copyOf(values) : null;
  }

  private @Nullable Object scalar(Node node, Class<?> type) {
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
      note(node, "expected " + Scalars.form(type) + " here");
      return null;
    }
    try {
      Object value = scalars.parse(scalar.getValue(), type);
      settings.add(new Setting(path, Scalars.written(value, scalar.getValue()), origin(node)));
      return value;
    } catch (IllegalArgumentException e) {
      note(node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private String origin(Node node) {
    String name = places.name(node);
    return name == null ? Setting.DEFAULT : name;
  }

  private <T extends Record> @Nullable T construct(
      MappingNode node, Class<T> type, @Nullable Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        refuse(node, String.valueOf(refusal.getMessage()));
        return null;
      }
      throw new IllegalStateException("cannot construct " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type, e);
    }
  }

  /**
   * Notes what a record refused. A refusal names the keys that it is about; the first of them that
   * stands in the file is the place, and where others stand is said behind it.
   */
  private void refuse(MappingNode mapping, String what) {
    List<Node> named =
        MENTION
            .matcher(what)
            .results()
            .map(mention -> mentioned(mapping, List.of(mention.group().split("\\."))))
            .flatMap(Optional::stream)
            .distinct()
            .toList();
    String others =
        named.stream()
            .skip(1)
            .map(places::name)
            .filter(Objects::nonNull)
            .filter(name -> !name.equals(places.name(named.getFirst())))
            .distinct()
            .collect(Collectors.joining(", "));
    note(
        named.isEmpty() ? mapping : named.getFirst(),
        others.isEmpty() ? what : what + " (see also " + others + ")");
  }

  /** The value at such a path from the mapping on; its first words may name what is around it. */
  private static Optional<Node> mentioned(MappingNode mapping, List<String> path) {
    for (int from = 0; from < path.size(); from++) {
      Node node = mapping;
      for (String key : path.subList(from, path.size())) {
        node = node instanceof MappingNode inner ? child(inner, key) : null;
      }
      if (node != null) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  private static @Nullable Node child(MappingNode mapping, String key) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
        return tuple.getValueNode();
      }
    }
    return null;
  }

  /** The keys of a record, in its order. */
  static List<String> keys(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private void note(Node node, String what) {
    problems.add(places.problem(node, what));
  }
}
