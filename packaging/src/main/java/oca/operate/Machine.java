package oca.operate;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import oca.protocol.Json;

/**
 * What the doctor looks at.
 *
 * @param root of the file system: {@code /}, but in tests
 * @param configs of its processes
 * @param appliance its status; nothing when it does not answer
 * @param steering its views of routes; nothing when it does not answer
 */
record Machine(
    Path root,
    Shell shell,
    Names names,
    Instant now,
    Configs configs,
    Json appliance,
    Json steering) {

  private static final int MOST = 1 << 20;

  /** Finds addresses of names. */
  interface Names {
    InetAddress[] resolve(String name) throws IOException;
  }

  /** A file's text without the space around it; empty when it is not there. */
  Optional<String> text(String path) {
    try (InputStream file = Files.newInputStream(root.resolve(path.substring(1)))) {
      // At once: a file of /proc/sys has nothing more for whoever comes a second time.
      byte[] bytes = file.readNBytes(MOST);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      // Another kernel, or no right to look: the check says what it could not find out.
      return Optional.empty();
    }
  }

  /** A number in a file, the last one where there are several. */
  Optional<Long> number(String path) {
    return text(path)
        .map(text -> text.substring(text.lastIndexOf('\t') + 1))
        .filter(text -> text.matches("-?\\d{1,18}"))
        .map(Long::parseLong);
  }

  /** Where its disks are mounted: as the appliance says, else as its configuration does. */
  List<String> volumes() {
    List<String> said =
        appliance.at("store", "volumes").items().stream().map(it -> it.at("path").text()).toList();
    return said.isEmpty()
        ? configs.settings().stream()
            .filter(it -> it.key().matches("store\\.volumes\\[\\d+]\\.path"))
            .map(it -> it.value())
            .toList()
        : said;
  }
}
