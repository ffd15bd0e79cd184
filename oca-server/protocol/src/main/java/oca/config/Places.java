package oca.config;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Where each node came from. SnakeYAML's marks know line and column, but of no file. */
final class Places {
  private final IdentityHashMap<Node, Source> sources = new IdentityHashMap<>();

  /** Notes the source of a node and of all below it. */
  void put(Node node, Source source) {
    sources.put(node, source);
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        put(tuple.getKeyNode(), source);
        put(tuple.getValueNode(), source);
      }
    } else if (node instanceof SequenceNode sequence) {
      sequence.getValue().forEach(item -> put(item, source));
    }
  }

  /** What is wrong at the node's place. */
  ConfigProblem problem(Node node, String what) {
    Source source = sources.get(node);
    Mark mark = node.getStartMark();
    return source == null || mark == null
        ? new ConfigProblem(source == null ? "default" : source.name(), 0, 0, what, "")
        : problem(source, mark, what);
  }

  static ConfigProblem problem(Source source, Mark mark, String what) {
    int line = mark.getLine() + 1;
    return new ConfigProblem(source.name(), line, mark.getColumn() + 1, what, source.line(line));
  }

  /** The node's place as {@code file:line}; null when it stands in no source. */
  @Nullable String name(Node node) {
    Source source = sources.get(node);
    Mark mark = node.getStartMark();
    if (source == null) {
      return null;
    }
    return mark == null || !source.isFile()
        ? source.name()
        : source.name() + ":" + (mark.getLine() + 1);
  }
}
