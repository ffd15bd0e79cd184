package oca.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo as a person sees it: stock players in Chromium, an appliance killed under them. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoBrowserTest {
  private static final String PORT = "9440";
  private static final String PAGE = "http://127.0.0.1:" + PORT + "/";
  private static final Duration TWO_DAYS = Duration.ofSeconds(90);
  private static final List<String> CHROMIUM =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--autoplay-policy=no-user-gesture-required",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-quic",
          "--no-first-run");

  private Process demo;
  private Playwright playwright;
  private Browser browser;

  @BeforeAll
  void startDemoAndBrowser() throws IOException {
    Path options = Path.of(System.getProperty("oca.jvm.options"));
    demo =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + options,
                "-Doca.home=" + options.getParent(),
                "-cp",
                System.getProperty("java.class.path"),
                "oca.cli.Oca",
                "demo",
                "--port",
                PORT)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    awaitLine(demo.errorReader(), PAGE);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of("/usr/bin/chromium"))
                    .setTimeout(120_000)
                    .setArgs(CHROMIUM));
  }

  @AfterAll
  void stop() throws InterruptedException {
    if (browser != null) {
      browser.close();
      playwright.close();
    }
    List<ProcessHandle> children = demo.descendants().toList();
    demo.destroy();
    assertTrue(demo.waitFor(20, TimeUnit.SECONDS), "the demo did not end on SIGTERM");
    assertEquals(List.of(), children.stream().filter(ProcessHandle::isAlive).toList());
  }

  @ParameterizedTest
  @CsvSource({"hls,harbour", "dash,aurora", "shaka,foundry"})
  void play_applianceInUseIsKilled_goesOnElsewhereWithoutAStall(String player, String title)
      throws IOException {
    List<String> errors = new ArrayList<>();
    try (Page page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1440, 1200))) {
      page.setDefaultTimeout(90_000);
      page.onPageError(errors::add);
      page.navigate(PAGE + "?title=" + title + "&player=" + player);
      page.waitForFunction("() => ocaDemo.currentTime > 2", null, within(Duration.ofSeconds(60)));
      // The first night may not bring the title: until then it plays from the origin.
      String fromAppliance =
          "() => { const s = ocaDemo.segments.at(-1)?.source ?? 'origin';"
              + " return s === 'origin' ? null : s; }";
      page.waitForFunction(fromAppliance, null, within(TWO_DAYS));
      screenshot(page, player + "-playing");

      String inUse =
          String.valueOf(page.waitForFunction(fromAppliance, null, within(TWO_DAYS)).jsonValue());
      int stallsBefore = number(page, "ocaDemo.stalls");
      double playedBefore = number(page, "ocaDemo.currentTime");
      int segmentsBefore = number(page, "ocaDemo.segments.length");
      page.click("[aria-label='Kill " + inUse + "']");
      page.waitForFunction(
          "from => ocaDemo.currentTime > from + 15 || ocaDemo.currentTime < from",
          playedBefore,
          within(Duration.ofSeconds(60)));

      assertEquals(stallsBefore, number(page, "ocaDemo.stalls"), "stalls after the kill");
      assertTrue(
          number(page, "ocaDemo.segments.length") > segmentsBefore, "no segment since the kill");
      assertNotEquals(inUse, lastSource(page));
      assertEquals(List.of(), errors, "errors on the page");
      screenshot(page, player + "-after-kill");
      page.click("[aria-label='Restore " + inUse + "']");
      page.waitForFunction(
          "id => document.querySelector(`[aria-label='Appliance ${id}']`).dataset.state ==="
              + " 'serving'",
          inUse,
          within(Duration.ofSeconds(60)));
    }
  }

  private static Page.WaitForFunctionOptions within(Duration patience) {
    return new Page.WaitForFunctionOptions().setTimeout((double) patience.toMillis());
  }

  private static String lastSource(Page page) {
    return String.valueOf(page.evaluate("() => ocaDemo.segments.at(-1)?.source ?? 'origin'"));
  }

  private static int number(Page page, String expression) {
    return ((Number) page.evaluate("() => " + expression)).intValue();
  }

  private static void screenshot(Page page, String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    page.screenshot(
        new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")).setFullPage(true));
  }

  private static void awaitLine(BufferedReader reader, String text) throws IOException {
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      System.err.println(line);
      if (line.contains(text)) {
        Thread.ofVirtual().start(() -> reader.lines().forEach(System.err::println));
        return;
      }
    }
    throw new IOException("the demo ended before it was ready");
  }
}
