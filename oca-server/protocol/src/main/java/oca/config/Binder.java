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
import java.util.Optional;
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
  private final String file;
  private final List<ConfigProblem> problems;

  Binder(String file, List<ConfigProblem> problems) {
    this.file = file;
    this.problems = problems;
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
      Object value = component(mapping, given.get(components[i].getName()), components[i]);
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
    String nearest = NearestWord.to(key, known);
    return "unknown key \"" + key + "\"; did you mean \"" + nearest + "\"?";
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
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of();
    }
    if (type == Map.class) {
      return Map.of();
    }
    note(parent, "the key \"" + component.getName() + "\" is missing");
    return null;
  }

  private Object fallbackValue(String text, RecordComponent component) {
    Node node = new Yaml(new LoaderOptions()).compose(new java.io.StringReader(text));
    List<ConfigProblem> faults = new ArrayList<>();
    Object value = new Binder("default", faults).value(node, component.getGenericType());
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
    if (Scalars.knows(plain)) {
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
    List<Object> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      Object value = value(item, element);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == sequence.getValue().size() ? List.copyOf(values) : null;
  }

  private @Nullable Object map(Node node, Type element) {
    if (!(node instanceof MappingNode mapping)) {
      note(node, "expected names and values here");
      return null;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Object value = value(tuple.getValueNode(), element);
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
      return Scalars.parse(scalar.getValue(), type);
    } catch (IllegalArgumentException e) {
      note(node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private <T extends Record> @Nullable T construct(
      Node node, Class<T> type, @Nullable Object[] values) {
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
        note(node, String.valueOf(refusal.getMessage()));
        return null;
      }
      throw new IllegalStateException("cannot construct " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + type, e);
    }
  }

  private static List<String> keys(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private void note(Node node, String what) {
    var mark = node.getStartMark();
    problems.add(
        mark == null
            ? new ConfigProblem(file, 0, 0, what)
            : new ConfigProblem(file, mark.getLine() + 1, mark.getColumn() + 1, what));
  }
}
