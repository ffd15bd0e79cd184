package oca.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * What the components of configuration records are for: their Javadoc, which the build of the
 * command writes into a resource, so that it is said in one place only.
 *
 * @param meanings by {@code binary class name#component}
 */
public record KeyDocs(Map<String, String> meanings) {
  /** Where the build of the command puts them on the class path. */
  public static final String RESOURCE = "/oca/config/keys.properties";

  public KeyDocs {
    meanings = Map.copyOf(meanings);
  }

  /** Those that are on the class path; none when the build of the command has not run. */
  public static KeyDocs read() {
    try (InputStream in = KeyDocs.class.getResourceAsStream(RESOURCE)) {
      Properties lines = new Properties();
      if (in != null) {
        lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      }
      Map<String, String> meanings = new HashMap<>();
      lines.stringPropertyNames().forEach(name -> meanings.put(name, lines.getProperty(name)));
      return new KeyDocs(meanings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sentence or two; empty when nothing is known of the component. */
  String meaning(Class<?> record, String component) {
    return meanings.getOrDefault(record.getName() + "#" + component, "");
  }
}
