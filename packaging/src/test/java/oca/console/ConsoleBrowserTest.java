package oca.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The console as an operator sees it, in Chromium, over a steering service with a played fleet. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConsoleBrowserTest {
  /** As /v1/routes tells it. */
  private static final String ROUTES =
      """
      {"asked":"8.8.0.0/16","match":"8.0.0.0/8","more":false,
       "sites":[{"site":"north","tier":1,"asPathLength":2,"med":10,"originAs":15169,"view":"bgp 10.0.0.1"},
                {"site":"south","tier":2,"asPathLength":3,"med":0,"originAs":15169,"view":"bgp 10.0.0.3"}],
       "paths":[{"prefix":"8.0.0.0/8","view":"bgp 10.0.0.1","site":"north","asPathLength":2,"med":10,
                 "originAs":15169,"pathId":0,"stale":false,"standing":"wins","sentence":"it decides"},
                {"prefix":"8.0.0.0/8","view":"bgp 10.0.0.3","site":"south","asPathLength":3,"med":0,
                 "originAs":15169,"pathId":0,"stale":true,"standing":"longer AS path",
                 "sentence":"its AS path is longer"}],
       "inside":[{"prefix":"8.8.1.0/24","sites":[{"site":"north","tier":1,"asPathLength":2,"med":0,
                  "originAs":15169,"view":"bgp 10.0.0.1"}]}]}
      """;

  /** As /v1/routes/check tells it. */
  private static final String CHECK =
      """
      {"prefix":"8.8.0.0/16","covered":"partly","share":0.75,"more":false,
       "by":[{"prefix":"8.8.0.0/17","sites":[{"site":"north","tier":1,"asPathLength":2,"med":0,
              "originAs":15169,"view":"bgp 10.0.0.1"}]}],
       "differences":[{"prefix":"8.8.1.0/24","site":"north","source":"bgp",
                       "told":[{"speaker":"bgp 10.0.0.1","asPathLength":2,"med":0},
                               {"speaker":"bgp 10.0.0.2","asPathLength":2,"med":5}],
                       "silent":["bgp 10.0.0.9"]}]}
      """;

  @TempDir Path folder;
  private final List<String> errors = new ArrayList<>();
  private final List<String> outside = new ArrayList<>();
  private PlayedFleet fleet;
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

  @AfterEach
  void endFleet() {
    fleet.close();
    assertEquals(List.of(), errors, "errors on the page");
    assertEquals(List.of(), outside, "requests to other hosts");
  }

  @Test
  void fleet_drainAndUndrain_areAskedForGivenAndSeen() throws Exception {
    fleet = PlayedFleet.start(folder, 24);
    try (Page page = open(1440, 900, ColorScheme.LIGHT, "#/fleet")) {
      page.waitForSelector("tr[data-appliance='north-03'] .badge[data-state='serving']");
      page.click("[aria-label='Drain north-03']");
      page.keyboard().type("new disks");
      screenshot(page, "confirm-light-wide");
      page.keyboard().press("Enter");
      page.waitForSelector("tr[data-appliance='north-03'] .badge[data-state='draining']");
      page.waitForSelector("[aria-label='Undrain north-03']");
      page.click("[aria-label='Undrain north-03']");
      page.keyboard().press("Escape");
      page.click("a[href='#/appliance/north-03']");
      page.waitForSelector("td:has-text('new disks')");
      page.click("[aria-label='Undrain north-03']");
      page.click("dialog button.primary");
      page.waitForSelector("h2 .badge[data-state='serving']");
      page.click("[aria-label='Retire north-03']");
      page.click("dialog button.primary");
      page.waitForSelector("h2 .badge[data-state='retired']");
      page.click("nav a[data-view='changes']");
      page.waitForFunction(
          "() => document.querySelectorAll('[aria-label=Changes] tbody tr').length === 3");
    }
  }

  @Test
  void views_lightAndDark_haveNothingAgainstThemForScreenReaders() throws Exception {
    fleet = PlayedFleet.start(folder, 24);
    Map<String, String> views =
        Map.of(
            "#/fleet", "tr[data-appliance='north-03'] .badge[data-state='serving']",
            "#/appliance/north-03", "h2 .badge[data-state='serving']",
            "#/explain", "#client",
            "#/changes", "h2:has-text('Who decided what')",
            "#/routes", "h2");
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
  void explain_clientAndTitle_showTheLadderAndWhoWasPassedOver() throws Exception {
    fleet = PlayedFleet.start(folder, 24);
    try (Page page = open(1440, 900, ColorScheme.DARK, "#/explain")) {
      page.fill("#client", "198.51.100.7");
      page.fill("#what", "harbour");
      page.keyboard().press("Enter");
      page.waitForSelector(".ladder li.origin");
      assertEquals(4, page.locator(".ladder li").count());
      page.click(".chip:has-text('draining')");
      assertEquals(List.of("draining"), texts(page.locator("tbody td:nth-child(3)")));
      page.fill("#client", "localhost");
      page.click("form.ask button");
      page.waitForSelector(".fault:has-text('not an IPv4 or IPv6 address')");
    }
    // The browser itself notes the 400 that the page explains.
    errors.removeIf(error -> error.contains("400"));
  }

  @Test
  void fleet_filterSortAndKeyboard_work() throws Exception {
    fleet = PlayedFleet.start(folder, 24);
    try (Page page = open(1440, 900, ColorScheme.LIGHT, "#/fleet")) {
      page.waitForSelector("tr[data-appliance='north-01']");
      page.fill("#filter", "south");
      page.waitForFunction(
          "() => [...document.querySelectorAll('.fleet tbody tr')]"
              + ".every(row => row.dataset.appliance.startsWith('south'))");
      page.fill("#filter", "");
      page.click("button.tile[data-state='draining']");
      page.waitForFunction("() => document.querySelectorAll('.fleet tbody tr').length === 1");
      page.click("button.tile[data-state='draining']");
      page.focus(".sort:has-text('Headroom')");
      page.keyboard().press("Enter");
      page.waitForSelector("th[aria-sort='descending']:has-text('Headroom')");
      page.keyboard().press("Enter");
      page.waitForSelector("th[aria-sort='ascending']:has-text('Headroom')");
    }
  }

  @Test
  void fleet_serviceGoesAndComesBack_isSaidPlainly() throws Exception {
    fleet = PlayedFleet.start(folder, 6);
    try (Page page = open(1440, 900, ColorScheme.LIGHT, "#/fleet")) {
      page.waitForSelector(".link[data-state='live']");
      fleet.stopSteering();
      page.waitForSelector(".banner:has-text('has not answered')");
      screenshot(page, "disconnected-light-wide");
      fleet.startSteering();
      page.waitForSelector(".link[data-state='live']");
      page.waitForSelector("tr[data-appliance='north-01'] .badge[data-state='serving']");
    }
    // The browser itself notes each try to connect in vain.
    errors.removeIf(error -> error.contains("ERR_CONNECTION_REFUSED"));
    errors.removeIf(error -> error.contains("ERR_INCOMPLETE_CHUNKED_ENCODING"));
  }

  @Test
  void fleet_allSilentAtOnce_freezeIsShownAndThawed() throws Exception {
    fleet = PlayedFleet.start(folder, 6);
    try (Page page = open(1440, 900, ColorScheme.DARK, "#/fleet")) {
      page.waitForSelector(".link[data-state='live']");
      fleet.silence();
      page.waitForSelector(".banner.bad:has-text('Evictions are frozen')");
      screenshot(page, "frozen-dark-wide");
      page.click(".banner.bad button");
      page.click("dialog button.primary");
      page.waitForSelector(".banner.bad", hidden());
      page.waitForSelector("tr[data-appliance='north-01'] .badge[data-state='silent']");
    }
  }

  @Test
  void routes_answerAndCheck_areShownAsTold() throws Exception {
    fleet = PlayedFleet.start(folder, 6);
    try (Page page = open(1440, 900, ColorScheme.LIGHT, "#/routes")) {
      page.route("**/v1/routes?*", route -> route.fulfill(json(ROUTES)));
      page.route("**/v1/routes/check?*", route -> route.fulfill(json(CHECK)));
      page.fill("#route", "8.8.0.0/16");
      page.keyboard().press("Enter");
      page.waitForSelector("h2:has-text('8.8.0.0/16 is in 8.0.0.0/8')");
      page.waitForSelector("h2:has-text('is covered in part, 75 % of it')");
      page.waitForSelector("td:has-text('bgp 10.0.0.2: AS path 2, MED 5')");
      screenshot(page, "explorer-light-wide");
    }
  }

  @Test
  void fleet_twoThousandAppliances_areShownAndFilteredFluently() throws Exception {
    fleet = PlayedFleet.start(folder, 2000);
    try (Page page = open(1440, 900, ColorScheme.LIGHT, "#/fleet")) {
      page.waitForFunction("() => document.body.innerText.includes('200 of 2,000')");
      page.click("button:has-text('Show 200 more')");
      page.waitForFunction("() => document.querySelectorAll('.fleet tbody tr').length === 400");
      // What the page itself takes it takes each second; what a neighbour takes, it takes once.
      double longest = Math.min(longestFrame(page), longestFrame(page));
      System.out.println("longest frame with 2,000 appliances, 400 rows: " + longest + " ms");
      // A third of a second on two cores of its own; they may be shared.
      assertTrue(longest < 2000, "longest frame " + longest + " ms");
      page.fill("#filter", "north-0600");
      page.waitForFunction("() => document.querySelectorAll('.fleet tbody tr').length === 1");
    }
  }

  private static double longestFrame(Page page) {
    return ((Number)
            page.evaluate(
                "async () => { let most = 0; let last = performance.now();"
                    + " const end = last + 5000;"
                    + " while (last < end) {"
                    + "   await new Promise(r => requestAnimationFrame(r));"
                    + "   const now = performance.now(); most = Math.max(most, now - last);"
                    + "   last = now; } return most; }"))
        .doubleValue();
  }

  @ParameterizedTest
  @CsvSource({"LIGHT,1440,wide", "DARK,1440,wide", "LIGHT,390,narrow", "DARK,390,narrow"})
  void views_eachScheme_areDrawn(ColorScheme scheme, int width, String name) throws Exception {
    fleet = PlayedFleet.start(folder, 24);
    String suffix = "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + name;
    fleet.order("north-02/drain", "new disks");
    fleet.order("north-02/undrain", "disks are in");
    fleet.order("south-07/drain", "the link to its rack flaps");
    fleet.order("east-03/retire", "");
    try (Page page = open(width, width == 390 ? 844 : 900, scheme, "#/fleet")) {
      page.waitForSelector(".badge[data-state='silent']");
      screenshot(page, "fleet" + suffix);
      page.navigate(fleet.console() + "#/appliance/north-01");
      page.waitForSelector(".uplot canvas");
      page.waitForTimeout(4000);
      screenshot(page, "appliance" + suffix);
      page.navigate(fleet.console() + "#/explain");
      page.fill("#client", "198.51.100.7");
      page.fill("#what", "harbour");
      page.keyboard().press("Enter");
      page.waitForSelector(".ladder li.origin");
      screenshot(page, "explain" + suffix);
      page.navigate(fleet.console() + "#/routes");
      page.fill("#route", "198.51.100.0/24");
      page.keyboard().press("Enter");
      page.waitForSelector("#content section:nth-of-type(1) ~ div section");
      screenshot(page, "routes" + suffix);
      page.navigate(fleet.console() + "#/changes");
      page.waitForSelector("h2:has-text('How it is kept')");
      screenshot(page, "changes" + suffix);
      assertEquals(
          false,
          page.evaluate("() => document.documentElement.scrollWidth > innerWidth"),
          "the page is wider than the window");
    }
    // Where the service shows no routes, the browser notes the 404 that the page explains.
    errors.removeIf(error -> error.contains("404"));
  }

  private Page open(int width, int height, ColorScheme scheme, String view) {
    Page page =
        browser.newPage(
            new Browser.NewPageOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setDeviceScaleFactor(1));
    errors.clear();
    outside.clear();
    page.setDefaultTimeout(90_000);
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            errors.add(message.text());
          }
        });
    page.onRequest(
        request -> {
          if (!request.url().startsWith(fleet.base())) {
            outside.add(request.url());
          }
        });
    page.navigate(fleet.console() + view);
    return page;
  }

  private static Route.FulfillOptions json(String body) {
    return new Route.FulfillOptions().setContentType("application/json").setBody(body);
  }

  private static Page.WaitForSelectorOptions hidden() {
    return new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN);
  }

  private static List<String> texts(Locator cells) {
    return cells.allInnerTexts().stream().distinct().toList();
  }

  private static void screenshot(Page page, String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(folder.resolve("console-" + name + ".png"))
            .setFullPage(true));
  }
}
