package oca.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import oca.flame.PlayedProfile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code oca flame} in Chromium, from a file. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FlameBrowserTest {
  /** Colours in a canvas; one that is blank has one. */
  private static final String COLOURS =
      """
      id => {
        const canvas = document.getElementById(id);
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        return seen.size;
      }\
      """;

  private final List<String> errors = new ArrayList<>();
  private final List<String> outside = new ArrayList<>();
  private Playwright playwright;
  private Browser browser;
  private String url;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    playwright = Chromium.driver();
    browser = Chromium.launch(playwright);
    url = Files.writeString(folder.resolve("flame.html"), PlayedProfile.page()).toUri().toString();
  }

  @AfterAll
  void stop() {
    browser.close();
    playwright.close();
  }

  @AfterEach
  void nothingWentWrong() {
    assertEquals(List.of(), errors, "errors on the page");
    assertEquals(List.of(), outside, "requests to elsewhere");
  }

  @Test
  void charts_always_showSomething() throws IOException {
    for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      try (Page page = open(colours)) {
        assertTrue((int) page.evaluate(COLOURS, "heat") > 6, "the heat map is blank");
        assertTrue((int) page.evaluate(COLOURS, "flame") > 6, "the flame graph is blank");
        assertEquals(3, page.locator("#events tr").count());
        screenshot(page, "flame-" + colours.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
  }

  @Test
  void click_onACell_showsThatPartAndEscapeAll() throws IOException {
    try (Page page = open(ColorScheme.DARK)) {
      String all = page.textContent("#said");
      assertTrue(all.startsWith("whole recording"), all);
      page.locator("#heat")
          .click(new com.microsoft.playwright.Locator.ClickOptions().setPosition(500, 150));
      String part = page.textContent("#said");
      assertTrue(
          part.matches("07:39:\\d\\d\\.\\d{3} to 07:39:\\d\\d\\.\\d{3}, \\d+ samples"), part);
      screenshot(page, "flame-cell-dark");
      page.press("#heat", "Escape");
      assertEquals(all, page.textContent("#said"));
    }
  }

  @Test
  void keys_alone_choosePartsZoomAndSearch() {
    try (Page page = open(ColorScheme.LIGHT)) {
      page.focus("#heat");
      page.keyboard().press("ArrowRight");
      page.keyboard().press("ArrowRight");
      assertEquals("at 07:39:15.000", page.textContent("#said"));
      page.keyboard().press("Shift+ArrowRight");
      assertTrue(page.textContent("#said").startsWith("07:39:15.000 to 07:39:16.020"));
      page.keyboard().press("Escape");
      page.focus("#flame");
      String root = page.textContent("#frame");
      assertTrue(root.startsWith("all: "), root);
      page.keyboard().press("ArrowDown");
      assertTrue(page.textContent("#frame").startsWith("[serve]: "));
      page.keyboard().press("ArrowLeft");
      assertTrue(page.textContent("#frame").startsWith("[fill]: "), "its neighbour");
      page.keyboard().press("ArrowRight");
      assertTrue(page.textContent("#frame").startsWith("[serve]: "));
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      String below = page.textContent("#frame");
      assertTrue(below.startsWith("io.netty.channel.uring"), below);
      page.keyboard().press("Backspace");
      assertTrue(page.textContent("#frame").startsWith("[serve]: "));
      page.keyboard().press("/");
      page.keyboard().type("diskstore");
      assertTrue(page.textContent("#found").matches("\\d+\\.\\d % of samples"));
    }
  }

  private Page open(ColorScheme colours) {
    Page page =
        browser.newPage(
            new Browser.NewPageOptions().setViewportSize(1280, 900).setColorScheme(colours));
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            errors.add(message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().equals(url) && !request.url().startsWith("data:")) {
            outside.add(request.url());
          }
        });
    page.navigate(url);
    return page;
  }

  private static void screenshot(Page page, String name) throws IOException {
    Path file = Path.of("target", "screenshots", name + ".png");
    Files.createDirectories(file.getParent());
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }
}
