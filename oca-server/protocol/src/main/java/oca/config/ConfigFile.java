package oca.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

/**
 * Reads a YAML file into a configuration record.
 *
 * <p>YAML gives the tree with its lines and columns; {@link Binder} turns it into records. We bind
 * ourselves because the mappers at hand stop at the first problem and lose the place of a value
 * once defaults are merged in.
 */
public final class ConfigFile {
  /** The largest file read, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private ConfigFile() {}

  /**
   * Reads {@code file} as a {@code type}.
   *
   * @throws ConfigException naming every problem found
   */
  public static <T extends Record> T read(Path file, Class<T> type) throws ConfigException {
    return parse(file.toString(), text(file), type);
  }

  /**
   * Reads {@code text} as a {@code type}.
   *
   * @param name stands for the file in problems
   * @throws ConfigException naming every problem found
   */
  public static <T extends Record> T parse(String name, String text, Class<T> type)
      throws ConfigException {
    Node root = compose(name, text);
    List<ConfigProblem> problems = new ArrayList<>();
    T config = new Binder(name, problems).record(root, type);
    if (config == null || !problems.isEmpty()) {
      problems.sort(null);
      throw new ConfigException(problems);
    }
    return config;
  }

  private static String text(Path file) throws ConfigException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw whole(file.toString(), "larger than " + MAX_BYTES + " bytes");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw whole(file.toString(), "no such file");
    } catch (MalformedInputException e) {
      throw whole(file.toString(), "not UTF-8 text");
    } catch (IOException e) {
      throw whole(file.toString(), "cannot be read: " + e.getMessage());
    }
  }

  private static Node compose(String name, String text) throws ConfigException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_BYTES);
    options.setMaxAliasesForCollections(0);
    StreamReader reader = new StreamReader(text);
    try {
      Parser parser = new ParserImpl(reader, options);
      Node root = new Composer(parser, new Resolver(), options).getSingleNode();
      return root == null ? emptyMapping(reader.getMark()) : root;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw notYaml(name, mark == null ? reader.getMark() : mark, e.getProblem());
    } catch (ReaderException e) {
      throw unprintable(name, text);
    } catch (YAMLException e) {
      // Too deep, or an alias: it does not say where, but nothing was read beyond.
      throw notYaml(name, reader.getMark(), e.getMessage());
    }
  }

  private static ConfigException notYaml(String name, Mark mark, @Nullable String what) {
    return new ConfigException(
        List.of(
            new ConfigProblem(
                name, mark.getLine() + 1, mark.getColumn() + 1, "not YAML: " + what)));
  }

  /** The reader looks far ahead, so its own place tells nothing of the character it refuses. */
  private static ConfigException unprintable(String name, String text) {
    int at = 0;
    while (at < text.length() && StreamReader.isPrintable(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    // With one more behind: a return at the end does not count as a line's end yet.
    StreamReader before = new StreamReader(text.substring(0, at) + ' ');
    before.forward(text.codePointCount(0, at));
    int c = at < text.length() ? text.codePointAt(at) : 0;
    String what = String.format("the character U+%04X may not stand there; take it out", c);
    return notYaml(name, before.getMark(), what);
  }

  private static Node emptyMapping(Mark end) {
    return new MappingNode(
        Tag.MAP, true, new ArrayList<>(), end, end, DumperOptions.FlowStyle.BLOCK);
  }

  private static ConfigException whole(String name, @Nullable String what) {
    return new ConfigException(List.of(new ConfigProblem(name, 0, 0, String.valueOf(what))));
  }
}
