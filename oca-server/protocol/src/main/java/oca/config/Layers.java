package oca.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Several YAML trees laid over one another, each node remembering its source. */
final class Layers {
  private static final String VARIABLE = "OCA__";

  private final Class<? extends Record> type;
  private final Places places = new Places();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private @Nullable Node root;
  private boolean unreadable;

  Layers(Class<? extends Record> type) {
    this.type = type;
  }

  /** Lays a whole text over what is there. */
  void add(Source source) {
    try {
      Node node = YamlText.compose(source);
      places.put(node, source);
      root = root == null ? node : merged(root, node);
    } catch (ConfigException e) {
      unreadable = true;
      problems.addAll(e.problems());
    }
  }

  /** Lays the variables that begin with {@code OCA__} over what is there, in order of names. */
  void addEnvironment(Map<String, String> environment) {
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(VARIABLE)) {
                List<String> path = List.of(name.substring(VARIABLE.length()).split("__"));
                set(new Source("environment " + name, value, false), path);
              }
            });
  }

  /** Lays {@code key.key=value} settings over what is there. */
  void addSettings(List<String> settings) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        problems.add(
            new ConfigProblem("--set " + setting, 0, 0, "a setting is written KEY=VALUE", ""));
        continue;
      }
      String key = setting.substring(0, equals);
      set(
          new Source("--set " + key, setting.substring(equals + 1), false),
          List.of(key.split("\\.")));
    }
  }

  /** The whole; null when a text was no YAML, so that what it holds would be missed in vain. */
  @Nullable Node root() {
    return unreadable ? null : root;
  }

  Places places() {
    return places;
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  /** Keys are merged with keys; all else takes the place of what was there. */
  private static Node merged(Node below, Node above) {
    if (!(below instanceof MappingNode old) || !(above instanceof MappingNode young)) {
      return above;
    }
    for (NodeTuple tuple : young.getValue()) {
      int at = tuple.getKeyNode() instanceof ScalarNode key ? index(old, key.getValue()) : -1;
      if (at < 0) {
        old.getValue().add(tuple);
      } else {
        Node value = merged(old.getValue().get(at).getValueNode(), tuple.getValueNode());
        old.getValue().set(at, new NodeTuple(tuple.getKeyNode(), value));
      }
    }
    return old;
  }

  private static int index(MappingNode mapping, String key) {
    for (int i = 0; i < mapping.getValue().size(); i++) {
      if (mapping.getValue().get(i).getKeyNode() instanceof ScalarNode scalar
          && scalar.getValue().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /** Lays one value over what is there: as a tree of single keys that ends in it. */
  private void set(Source source, List<String> path) {
    List<String> keys = new ArrayList<>();
    Type at = type;
    for (String segment : path) {
      Class<?> record = record(at);
      if (record != null) {
        List<String> known = Binder.keys(record);
        String key = known.stream().filter(word -> alike(word, segment)).findFirst().orElse(null);
        if (key == null) {
          problems.add(new ConfigProblem(source.name(), 0, 0, unknown(segment, known), ""));
          return;
        }
        keys.add(key);
        at = component(record, key);
      } else if (at instanceof ParameterizedType map && map.getRawType() == Map.class) {
        keys.add(source.name().startsWith("environment") ? name(segment) : segment);
        at = map.getActualTypeArguments()[1];
      } else {
        String whole = String.join(".", keys);
        problems.add(
            new ConfigProblem(
                source.name(), 0, 0, whole + " is one value; give all of it as YAML", ""));
        return;
      }
    }
    try {
      Node node = YamlText.compose(source);
      for (String key : keys.reversed()) {
        MappingNode parent = YamlText.mapping(node.getStartMark());
        parent.getValue().add(new NodeTuple(word(key, node), node));
        node = parent;
      }
      places.put(node, source);
      root = root == null ? node : merged(root, node);
    } catch (ConfigException e) {
      problems.addAll(e.problems());
    }
  }

  private static String unknown(String segment, List<String> known) {
    return "there is no key \"" + segment + "\"" + NearestWord.hint(segment, known);
  }

  private static Node word(String key, Node near) {
    return new ScalarNode(
        Tag.STR, key, near.getStartMark(), near.getEndMark(), DumperOptions.ScalarStyle.PLAIN);
  }

  private static boolean alike(String key, String segment) {
    return key.equalsIgnoreCase(segment.replace("_", "").replace("-", ""));
  }

  /** What a name of our own (a site, an appliance) is called in a variable. */
  private static String name(String segment) {
    return segment.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static @Nullable Class<?> record(Type type) {
    if (type instanceof ParameterizedType optional && optional.getRawType() == Optional.class) {
      return record(optional.getActualTypeArguments()[0]);
    }
    return type instanceof Class<?> plain && plain.isRecord() && !Scalars.knows(plain)
        ? plain
        : null;
  }

  private static Type component(Class<?> record, String key) {
    return Arrays.stream(record.getRecordComponents())
        .filter(component -> component.getName().equals(key))
        .map(RecordComponent::getGenericType)
        .findFirst()
        .orElseThrow();
  }
}
