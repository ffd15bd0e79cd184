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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console of filling in Chromium, over a fill controller with played appliances. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FillConsoleBrowserTest {
  @TempDir Path folder;
  private final List<String> errors = new ArrayList<>();
  private final List<String> outside = new ArrayList<>();
  private PlayedFill fill;
  private Playwright playwright;
  private Browser browser;

  @BeforeAll
  void startBrowser() {
    playwright = Chromium.driver();
    browser = Chromium.launch(playwright);
  }

  @AfterAll
  void stopBrowser() {
    browser.close();
    playwright.close();
  }

  @BeforeEach
  void startFill() throws Exception {
    fill = PlayedFill.start(Files.createTempDirectory(folder, "fill"));
  }

  @AfterEach
  void endFill() {
    fill.close();
    assertEquals(List.of(), errors, "errors on the page");
    assertEquals(List.of(), outside, "requests to other hosts");
  }

  @Test
  void now_viewersOfTwoSites_showFiguresChartsAndWhatToLookAfter() throws IOException {
    try (Page page = open(1440, 1000, ColorScheme.LIGHT, "")) {
      page.waitForSelector(".concerns li[data-level='viewers']:has-text('5xx')");
      page.waitForSelector(".tile:has-text('/s')");
      page.waitForFunction(
          "() => [...document.querySelectorAll('.chart .line')].filter("
              + "(one) => one.getAttribute('d').includes('L')).length === 4");
      assertEquals(2, page.locator(".map .place").count());
      assertEquals(3, page.locator(".cells i[data-state='alive']").count());
      screenshot(page, "fill-now-light");
      page.click(".place:has-text('south')");
      page.waitForSelector("h2:has-text('Viewers of south')");
      String csv = page.locator("a[download]").getAttribute("href");
      assertTrue(csv.contains("site=south") && csv.contains("format=csv"), csv);
    }
    try (Page page = open(1440, 1000, ColorScheme.DARK, "#/now")) {
      page.waitForSelector(".concerns li");
      screenshot(page, "fill-now-dark");
    }
    try (Page page = open(400, 900, ColorScheme.LIGHT, "#/now")) {
      page.waitForSelector(".concerns li");
      screenshot(page, "fill-now-narrow");
    }
  }

  @Test
  void views_lightAndDark_haveNothingAgainstThemForScreenReaders() throws IOException {
    Map<String, String> views =
        Map.of(
            "#/now", ".concerns li",
            "#/tonight", "[aria-label=Appliances] tbody tr",
            "#/calendar", ".week rect.open",
            "#/jobs", "[aria-label^='pause job']",
            "#/titles", "#title",
            "#/titles/aurora", "h2:has-text('aurora')",
            "#/misses", "[aria-label=Misses] tbody tr");
    List<String> found = new ArrayList<>();
    for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (Map.Entry<String, String> view : views.entrySet()) {
        try (Page page = open(1440, 1000, colours, view.getKey())) {
          page.waitForSelector(view.getValue());
          Axe.violations(page)
              .forEach(one -> found.add(view.getKey() + " " + colours + ": " + one));
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void tonight_planInForce_showsHowFarEachApplianceIs() throws IOException {
    try (Page page = open(1440, 1000, ColorScheme.LIGHT, "#/tonight")) {
      page.waitForSelector(".link[data-state='live']");
      page.waitForSelector("td:has-text('v1')");
      assertEquals(3, page.locator("table:has-text('Manifest') tbody tr").count());
      page.fill("#filter", "south");
      page.waitForFunction(
          "() => document.querySelectorAll('[aria-label=Appliances] tbody tr').length === 1");
      screenshot(page, "fill-tonight-light");
      page.click("a:has-text('aurora')");
      page.waitForSelector("h2:has-text('aurora')");
      page.waitForSelector(".badge[data-state='waiting']");
      screenshot(page, "fill-title-light");
    }
  }

  @Test
  void calendar_always_hasABarForEachWindow() throws IOException {
    try (Page page = open(1440, 900, ColorScheme.DARK, "#/calendar")) {
      page.waitForSelector(".week rect.open");
      assertTrue(page.locator(".week rect").count() >= 14, "two sites, seven days");
      screenshot(page, "fill-calendar-dark");
    }
  }

  @Test
  void jobs_pausedAndCancelled_standThatWay() throws IOException {
    try (Page page = open(1440, 900, ColorScheme.DARK, "#/jobs")) {
      page.waitForSelector("[aria-label^='pause job']");
      String label = page.locator("[aria-label^='pause job']").first().getAttribute("aria-label");
      String number = label.replace("pause job ", "");
      page.click("[aria-label='pause job " + number + "']");
      page.waitForSelector("[aria-label='resume job " + number + "']");
      page.waitForSelector(".badge[data-state='paused']");
      screenshot(page, "fill-jobs-dark");
      page.click("[aria-label='cancel job " + number + "']");
      page.selectOption("#state", "cancelled");
      page.waitForSelector("td:has-text('" + number + "')");
      page.waitForSelector(".badge[data-state='cancelled']");
    }
  }

  @Test
  void misses_viewersServedFromAfar_areShownByCauseAndLeadDeeper() throws IOException {
    try (Page page = open(1440, 1000, ColorScheme.LIGHT, "#/misses")) {
      page.waitForSelector("td:has-text('drain')");
      assertEquals(
          7, page.locator("[aria-label=Misses] tbody tr").count(), "nearest, unknown, five causes");
      screenshot(page, "fill-misses-light");
      page.locator("[aria-label=Misses] a:has-text('drain')").press("Enter");
      page.waitForSelector("button[aria-label='any label']");
      page.waitForSelector("[aria-label=Misses] td:has-text('north')");
      page.selectOption("#by", "title");
      page.waitForSelector("[aria-label=Misses] td:has-text('aurora')");
      String csv = page.locator("a[download]").getAttribute("href");
      assertTrue(csv.contains("format=csv") && csv.contains("label=drain"), csv);
      screenshot(page, "fill-misses-deeper-light");
      page.click("button[aria-label='any label']");
      page.waitForFunction("() => !document.querySelector(\"button[aria-label='any label']\")");
    }
    try (Page page = open(1440, 1000, ColorScheme.DARK, "#/misses")) {
      page.waitForSelector("td:has-text('drain')");
      screenshot(page, "fill-misses-dark");
    }
    try (Page page = open(400, 900, ColorScheme.LIGHT, "#/misses")) {
      page.waitForSelector("td:has-text('drain')");
      screenshot(page, "fill-misses-narrow");
    }
  }

  private Page open(int width, int height, ColorScheme colours, String view) {
    Page page =
        browser.newPage(
            new Browser.NewPageOptions().setViewportSize(width, height).setColorScheme(colours));
    page.setDefaultTimeout(90_000);
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            errors.add(message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith(fill.base())) {
            outside.add(request.url());
          }
        });
    page.navigate(fill.base() + "console/" + view);
    return page;
  }

  private static void screenshot(Page page, String name) throws IOException {
    Path file = Path.of("target", "screenshots", name + ".png");
    Files.createDirectories(file.getParent());
    page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
  }
}
