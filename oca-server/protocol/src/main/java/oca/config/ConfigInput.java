package oca.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a process's configuration is read from. What comes later goes before what came earlier:
 *
 * <ol>
 *   <li>the file, such as {@code /etc/oca/appliance.yaml};
 *   <li>its drop-ins, in the order of their names: {@code *.yaml} in the folder of the file's name
 *       with {@code .d}, such as {@code /etc/oca/appliance.d};
 *   <li>variables of the environment whose names begin with {@code OCA__}: {@code
 *       OCA__HTTP__MAX_CONNECTIONS} is {@code http.maxConnections}, for case and single underscores
 *       do not count; values are YAML, so that a list is {@code [a, b]};
 *   <li>settings from the command line: {@code http.maxConnections=100}.
 * </ol>
 *
 * Keys are merged with keys, at any depth; a single value or a list takes the place of an earlier
 * one.
 *
 * @param file the first of all, as it was named to the process
 * @param environment of the process; also where {@code CREDENTIALS_DIRECTORY} stands, in which
 *     {@code credential:NAME} looks for a file (systemd.exec(5), LoadCredential)
 * @param settings from the command line, in the order given
 */
public record ConfigInput(Path file, Map<String, String> environment, List<String> settings) {

  public ConfigInput {
    environment = Map.copyOf(environment);
    settings = List.copyOf(settings);
  }

  /** The file with its drop-ins and nothing else. */
  public static ConfigInput of(Path file) {
    return new ConfigInput(file, Map.of(), List.of());
  }

  /**
   * The drop-ins that are there, in the order in which they are read.
   *
   * @throws ConfigException when their folder cannot be read
   */
  public List<Path> dropIns() throws ConfigException {
    Path folder = file.resolveSibling(stem() + ".d");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.yaml")) {
      files.forEach(found::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      throw ConfigFile.whole(folder.toString(), "cannot be read: " + e.getMessage());
    }
    found.sort(java.util.Comparator.comparing(path -> String.valueOf(path.getFileName())));
    return found;
  }

  private String stem() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
