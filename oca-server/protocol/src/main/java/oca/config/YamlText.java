package oca.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML into nodes: no aliases, no key twice, bounded in size and depth. */
final class YamlText {
  private YamlText() {}

  /** The root of the text; an empty mapping when there is nothing in it. */
  static Node compose(Source source) throws ConfigException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(ConfigFile.MAX_BYTES);
    options.setMaxAliasesForCollections(0);
    StreamReader reader = new StreamReader(source.text());
    try {
      Parser parser = new ParserImpl(reader, options);
      Node root = new Composer(parser, new Resolver(), options).getSingleNode();
      return root == null ? mapping(reader.getMark()) : root;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw notYaml(source, mark == null ? reader.getMark() : mark, e.getProblem());
    } catch (ReaderException e) {
      throw unprintable(source);
    } catch (YAMLException e) {
      // Too deep, or an alias: it does not say where, but nothing was read beyond.
      throw notYaml(source, reader.getMark(), e.getMessage());
    }
  }

  /** An empty mapping that stands at {@code mark}. */
  static MappingNode mapping(@Nullable Mark mark) {
    return new MappingNode(
        Tag.MAP, true, new ArrayList<>(), mark, mark, DumperOptions.FlowStyle.BLOCK);
  }

  private static ConfigException notYaml(Source source, Mark mark, @Nullable String what) {
    return new ConfigException(List.of(Places.problem(source, mark, "not YAML: " + what)));
  }

  /** The reader looks far ahead, so its own place tells nothing of the character it refuses. */
  private static ConfigException unprintable(Source source) {
    String text = source.text();
    int at = 0;
    while (at < text.length() && StreamReader.isPrintable(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    // With one more behind: a return at the end does not count as a line's end yet.
    StreamReader before = new StreamReader(text.substring(0, at) + ' ');
    before.forward(text.codePointCount(0, at));
    int c = at < text.length() ? text.codePointAt(at) : 0;
    String what = String.format("the character U+%04X may not stand there; take it out", c);
    return notYaml(source, before.getMark(), what);
  }
}
