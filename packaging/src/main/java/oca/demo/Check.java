package oca.demo;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import oca.model.ApplianceId;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;

/**
 * The demo as a test: two days and a kill -9, judged by what viewers saw.
 *
 * <p>Holds when the second day's offload is above the first's, no byte was wrong, no viewer failed
 * before or after the kill, steering stopped naming the killed appliance within three seconds, and
 * no process is left running.
 */
final class Check {
  private static final Duration FORGET_WITHIN = Duration.ofSeconds(3);
  private static final Duration WATCH_AFTER_KILL = Duration.ofSeconds(6);
  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(1);
  private static final long BETWEEN_LOOKS = 20;

  /** A sleep between two looks that took longer was a machine that stood still, with all on it. */
  private static final long LONGEST_SLEEP = 100;

  private static final ApplianceId VICTIM = World.BOXES.getFirst().id();

  private final Demo demo;
  private final List<String> broken = new ArrayList<>();

  private Check(Demo demo) {
    this.demo = demo;
  }

  /** The line of JSON. */
  record Verdict(
      boolean ok,
      List<String> broken,
      List<DayBook.Day> days,
      long responsesCompared,
      long wrongBytes,
      long failedViewers,
      long movedOn,
      long turnedAway,
      String killed,
      long steeringForgotMillis,
      long leftRunning,
      double seconds) {}

  static int run(DemoOptions options, CountDownLatch stop) throws Exception {
    long began = System.nanoTime();
    Verdict verdict;
    try (Demo demo = Demo.open(options)) {
      verdict = new Check(demo).judge(stop, began);
    }
    System.out.println(new String(Wire.write(verdict), java.nio.charset.StandardCharsets.UTF_8));
    return verdict.ok() ? 0 : 1;
  }

  private Verdict judge(CountDownLatch stop, long began) throws Exception {
    demo.start(stop);
    for (int day = 1; day <= 2; day++) {
      if (demo.awaitEndOf(day, stop)) {
        throw new IOException("stopped before the check was over");
      }
      Demo.say(demo.book().day(day).line());
    }
    DayBook.Day first = demo.book().day(1);
    DayBook.Day second = demo.book().day(2);
    require(
        second.offload() > first.offload(),
        "offload of day 2 (" + second.offload() + ") is not above day 1 (" + first.offload() + ")");
    long forgotten = killAndWatch();
    require(
        forgotten <= FORGET_WITHIN.toMillis(),
        "steering named " + VICTIM + " for " + forgotten + " ms after it was killed");
    demo.viewers().close();
    require(demo.book().wrongBytes() == 0, demo.book().wrongBytes() + " wrong bytes");
    require(demo.book().failedViewers() == 0, demo.book().failedViewers() + " viewers failed");
    long compared = demo.book().days().stream().mapToLong(DayBook.Day::responsesCompared).sum();
    require(compared > 0, "no response was compared");
    demo.fleet().close();
    long left = demo.fleet().running();
    require(left == 0, left + " processes left running");
    return new Verdict(
        broken.isEmpty(),
        List.copyOf(broken),
        demo.book().days(),
        compared,
        demo.book().wrongBytes(),
        demo.book().failedViewers(),
        demo.viewers().moves(),
        demo.viewers().turnedAway(),
        VICTIM.value(),
        forgotten,
        left,
        Math.round((System.nanoTime() - began) / 1e7) / 100.0);
  }

  /**
   * Kills an appliance that steering names and asks on until it no longer does.
   *
   * @return milliseconds from the kill to the last answer that named it, in which this machine ran
   */
  private long killAndWatch() throws IOException, InterruptedException {
    String path = namedPath();
    demo.fleet().kill(VICTIM);
    long killed = System.nanoTime();
    long stood = 0;
    long lastNamed = 0;
    long elapsed = 0;
    boolean isHeard = false;
    // An answer that does not come names nobody; but the last one must have come.
    while (elapsed < WATCH_AFTER_KILL.toMillis() || !isHeard) {
      try {
        if (names(path)) {
          lastNamed = elapsed;
        }
        isHeard = true;
      } catch (HttpTimeoutException e) {
        if (elapsed > ANSWERS_WITHIN.toMillis()) {
          throw new IOException("steering does not answer since " + VICTIM + " was killed", e);
        }
        isHeard = false;
      }
      long rest = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS);
      long slept = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - rest);
      stood += Math.max(0, slept - LONGEST_SLEEP);
      elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed) - stood;
    }
    return lastNamed;
  }

  /** A file for which steering names the appliance that will be killed. */
  private String namedPath() throws IOException {
    for (CatalogEntry file : demo.library().catalog().files()) {
      if (names(file.path())) {
        return file.path();
      }
    }
    throw new IOException("steering names " + VICTIM + " for no file: nothing was filled");
  }

  private boolean names(String path) throws IOException {
    ControlClient client = demo.client();
    Viewer.Steered answer =
        client.get(demo.world().steering().http("v1/steer?path=" + path), Viewer.Steered.class);
    String host = World.box(VICTIM).host();
    return answer.urls().stream().anyMatch(url -> host.equals(url.getHost()));
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      broken.add(otherwise);
      Demo.say("does not hold: " + otherwise);
    }
  }
}
