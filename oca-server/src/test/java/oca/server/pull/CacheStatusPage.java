package oca.server.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The page that tells for each case what Cache-Status says of it. The cases write it and are held
 * to it: a section that differs is a failure, or a change that somebody should see.
 */
final class CacheStatusPage {
  /** A test's folder is its module's. */
  static final Path FILE = Path.of("../.github/CACHE-STATUS.md");

  private static final String REGENERATE = "oca.cacheStatus.write";
  private static final String BEGIN = "\n## ";

  private static final String PREFACE =
      """
      # What Cache-Status says

      For each case that the tests go through, by specification and section: the requests in their order, with the time that passed
      before, the status that the client got and the field Cache-Status ([RFC 9211](https://www.rfc-editor.org/rfc/rfc9211)) as it was
      sent; `-` where there was none. The tests in `oca.server.pull` write this page and fail when it differs:

          mvn -pl oca-server -am test -Dtest='Rfc*Test,PoisonTest,MalformedAnswerTest' -Dsurefire.failIfNoSpecifiedTests=false \\
              -Doca.cacheStatus.write=true
      """;

  private CacheStatusPage() {}

  /** Holds one section to what was said, or writes it when that is wanted. */
  static void hold(String title, Map<Case, List<String>> said) throws IOException {
    Map<String, String> sections = read();
    String now = section(said);
    if (Boolean.getBoolean(REGENERATE)) {
      sections.put(title, now);
      StringBuilder page = new StringBuilder(PREFACE);
      sections.forEach((name, text) -> page.append(BEGIN).append(name).append("\n\n").append(text));
      Files.writeString(FILE, page);
    } else {
      List<String> rows = now.lines().toList();
      List<String> before = sections.getOrDefault(title, "").lines().toList();
      for (int i = 0; i < Math.max(rows.size(), before.size()); i++) {
        assertEquals(
            i < before.size() ? before.get(i) : "",
            i < rows.size() ? rows.get(i) : "",
            () -> FILE + " differs; if it should, run the tests with -D" + REGENERATE + "=true");
      }
    }
  }

  private static Map<String, String> read() throws IOException {
    Map<String, String> sections = new TreeMap<>();
    if (!Files.exists(FILE)) {
      return sections;
    }
    String[] parts = Files.readString(FILE).split(BEGIN, -1);
    for (int i = 1; i < parts.length; i++) {
      int end = parts[i].indexOf("\n\n");
      sections.put(parts[i].substring(0, end), parts[i].substring(end + 2));
    }
    return sections;
  }

  private static String section(Map<Case, List<String>> said) {
    return "| section | case | what is said |\n|---|---|---|\n"
        + said.entrySet().stream()
            .map(it -> row(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
  }

  private static String row(Case of, List<String> said) {
    String lines =
        said.stream()
            .map(it -> '`' + it.replace("|", "\\|") + '`')
            .collect(Collectors.joining("<br>"));
    return "| " + of.section() + " | " + of.name().replace("|", "\\|") + " | " + lines + " |\n";
  }
}
