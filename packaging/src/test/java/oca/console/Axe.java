package oca.console;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What axe-core finds wrong with a page for those who use a keyboard or a screen reader. */
final class Axe {
  private static final String FIND =
      """
      async () => {
        const found = await axe.run(document, {resultTypes: ['violations']});
        return found.violations.flatMap(
          (one) => one.nodes.map((node) => `${one.id} at ${node.target}: ${node.failureSummary}`));
      }
      """;

  private Axe() {}

  /** One line for each violation of its rules, WCAG 2 A and AA and best practices. */
  static List<?> violations(Page page) throws IOException {
    try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
      byte[] bytes = Objects.requireNonNull(script, "axe.min.js of axe-core").readAllBytes();
      page.evaluate(new String(bytes, StandardCharsets.UTF_8));
    }
    return (List<?>) page.evaluate(FIND);
  }
}
