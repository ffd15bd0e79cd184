package oca.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads YAML into a configuration record.
 *
 * <p>YAML gives the tree with its lines and columns; {@link Layers} puts several trees together and
 * {@link Binder} turns the result into records. We bind ourselves because the mappers at hand stop
 * at the first problem and lose the place of a value once defaults are merged in.
 */
public final class ConfigFile {
  /** The largest file read, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private ConfigFile() {}

  /**
   * Reads {@code file}, and nothing else, as a {@code type}.
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
    return effective(name, text, type).config();
  }

  /** The same with where each value came from. */
  static <T extends Record> Effective<T> effective(String name, String text, Class<T> type)
      throws ConfigException {
    Layers layers = new Layers(type);
    layers.add(new Source(name, text, true));
    return bind(layers, type, Map.of());
  }

  /**
   * Reads all that a process is configured by.
   *
   * @throws ConfigException naming every problem found
   */
  public static <T extends Record> Effective<T> load(ConfigInput input, Class<T> type)
      throws ConfigException {
    Layers layers = new Layers(type);
    layers.add(new Source(input.file().toString(), text(input.file()), true));
    for (Path dropIn : input.dropIns()) {
      layers.add(new Source(dropIn.toString(), text(dropIn), true));
    }
    layers.addEnvironment(input.environment());
    layers.addSettings(input.settings());
    return bind(layers, type, input.environment());
  }

  private static <T extends Record> Effective<T> bind(
      Layers layers, Class<T> type, Map<String, String> environment) throws ConfigException {
    Node root = layers.root();
    List<ConfigProblem> problems = new ArrayList<>(layers.problems());
    if (root == null) {
      throw new ConfigException(problems);
    }
    Binder binder = new Binder(layers.places(), new Scalars(environment), problems);
    T config = binder.record(root, type);
    if (config == null || !problems.isEmpty()) {
      throw new ConfigException(sorted(problems));
    }
    return new Effective<>(config, binder.settings());
  }

  /** File by file in the order in which they were read, each from top to bottom. */
  private static List<ConfigProblem> sorted(List<ConfigProblem> problems) {
    Map<String, List<ConfigProblem>> files = new LinkedHashMap<>();
    for (ConfigProblem problem : problems) {
      files.computeIfAbsent(problem.file(), _ -> new ArrayList<>()).add(problem);
    }
    files.values().forEach(list -> list.sort(null));
    return files.values().stream().flatMap(List::stream).toList();
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

  static ConfigException whole(String name, @Nullable String what) {
    return new ConfigException(List.of(new ConfigProblem(name, 0, 0, String.valueOf(what), "")));
  }
}
