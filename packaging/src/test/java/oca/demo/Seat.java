package oca.demo;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import oca.protocol.Wire;
import oca.protocol.WireException;

/** A player in a page of its own, and what the page saw. */
final class Seat implements AutoCloseable {
  /**
   * What the page saw. Times are milliseconds of the wall clock, or of durations.
   *
   * @param time seconds played
   * @param begun when the picture began to move; 0 before
   * @param stalls without progress and with nothing to play
   * @param hitches without progress although there was something to play
   * @param longestLag by which a timer of the page was late
   */
  record Report(
      double time,
      long begun,
      boolean ended,
      String fatal,
      List<Still> stalls,
      List<Still> hitches,
      long longestLag,
      long dropped,
      long frames,
      List<Sample> samples,
      List<Event> events,
      List<Fetch> requests) {

    /** Media asked for since. */
    List<Fetch> media(long since) {
      return requests.stream()
          .filter(it -> it.at() >= since && it.file().endsWith(".mp4"))
          .toList();
    }

    /** Where media came from since. */
    Set<String> hosts(long since) {
      Set<String> hosts = new TreeSet<>();
      media(since).forEach(it -> hosts.add(it.host()));
      return hosts;
    }

    /** Stalls that began since. */
    long stalls(long since) {
      return stalls.stream().filter(it -> it.at() >= since).count();
    }

    /** The longest time without progress that began since, although there was something to play. */
    long longestHitch(long since) {
      return hitches.stream().filter(it -> it.at() >= since).mapToLong(Still::ms).max().orElse(0);
    }

    /** The least that there was to play at any sample since, in seconds. */
    double leastBuffer(long since) {
      return samples.stream()
          .filter(it -> it.at() >= since)
          .mapToDouble(Sample::buffer)
          .min()
          .orElse(0);
    }
  }

  /** A time without progress. */
  record Still(long at, long ms, double buffer) {}

  /** What was played and what could be. */
  record Sample(long at, double time, double buffer) {}

  /** Something that happened. */
  record Event(long at, String what) {}

  /** A request, known when it ended. */
  record Fetch(long at, String host, String file, int status, long ms) {}

  private static final int TOLD = 120;

  private final String player;
  private final BrowserContext context;
  private final Page page;

  Seat(Browser browser, String player) {
    this.player = player;
    // The front tells players apart by the last word of this.
    this.context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setUserAgent("Mozilla/5.0 Chrome/130 " + player)
                .setViewportSize(830, 520));
    this.page = context.newPage();
    page.navigate(PlayerStage.page(player).toString());
  }

  String player() {
    return player;
  }

  Report report() {
    String json = String.valueOf(page.evaluate("() => JSON.stringify(stage)"));
    try {
      return Wire.read(json.getBytes(StandardCharsets.UTF_8), Report.class);
    } catch (WireException e) {
      throw new AssertionError("the page's report cannot be read: " + json, e);
    }
  }

  /** Lets time pass in all pages of the browser. */
  void pause(long millis) {
    page.waitForTimeout((double) millis);
  }

  void screenshot(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(folder.resolve("players-" + name + "-" + player + ".png")));
  }

  /** What happened, for a message of failure: seconds are those since. */
  String timeline(SteeringFront front, long since) {
    Report report = report();
    StringBuilder out =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%n%s at %.1f s of the title, fatal '%s', stalls %s, hitches %s, timers late by at"
                    + " most %d ms, %d of %d frames dropped%n",
                player,
                report.time(),
                report.fatal(),
                report.stalls(),
                report.hitches(),
                report.longestLag(),
                report.dropped(),
                report.frames()));
    List<Event> lines = new ArrayList<>(report.events());
    front
        .asked(player, since)
        .forEach(
            it ->
                lines.add(
                    new Event(
                        it.at(),
                        "steering asked, answered %d with TTL %d, fault %s"
                            .formatted(it.status(), it.ttl(), it.fault()))));
    String host = "";
    for (Fetch fetch : report.requests()) {
      boolean isNews = !fetch.host().equals(host) || fetch.status() / 100 != 2;
      if (isNews && fetch.at() >= since) {
        lines.add(
            new Event(
                fetch.at(),
                "%s from %s: %d in %d ms"
                    .formatted(fetch.file(), fetch.host(), fetch.status(), fetch.ms())));
      }
      host = fetch.host();
    }
    for (int i = 0; i < report.samples().size(); i += 4) {
      Sample sample = report.samples().get(i);
      lines.add(
          new Event(
              sample.at(),
              String.format(
                  Locale.ROOT, "played %.1f s, buffer %.1f s", sample.time(), sample.buffer())));
    }
    lines.sort(Comparator.comparingLong(Event::at));
    lines.stream()
        .skip(Math.max(0, lines.size() - TOLD))
        .forEach(
            it ->
                out.append(
                    String.format(
                        Locale.ROOT, "%+9.2f s  %s%n", (it.at() - since) / 1e3, it.what())));
    return out.toString();
  }

  @Override
  public void close() {
    context.close();
  }
}
