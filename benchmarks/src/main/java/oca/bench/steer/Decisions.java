package oca.bench.steer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.Endpoint;
import oca.model.Prefix;
import oca.model.SiteId;
import oca.protocol.Health;
import oca.protocol.Heartbeat;
import oca.protocol.Inventory;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.fleet.HeartbeatIntake;
import oca.steering.rank.Ask;
import oca.steering.rank.Decision;
import oca.steering.rank.Ranker;
import oca.steering.rank.Rules;
import oca.steering.rank.Shares;
import oca.steering.rank.Site;
import oca.steering.routes.ForwardingTable.Match;
import oca.steering.routes.ForwardingTable.SitePath;
import oca.steering.routes.PathAttributes;

/**
 * How long does a decision take among 2,000 appliances at 200 sites and a million files in titles
 * of ten? On one thread, which also takes in heartbeats: one for each hundred decisions, as many as
 * such a fleet sends at 200,000 decisions a second. Titles are held as in a fleet that fills by
 * popularity: 1 % of them everywhere, 4 % by 300 appliances, 15 % by 40, 30 % by 5, the others by
 * 2; asked for by a slope of one, so that two of three viewers want one of the first 1 %.
 *
 * <p>Arguments: sites (200), appliances (2000), titles (100000), seed (1).
 */
public final class Decisions {
  private static final int FILES_PER_TITLE = 10;
  private static final int DECISIONS = 1_000_000;
  private static final int WARM_UP = 500_000;
  private static final int PER_HEARTBEAT = 100;
  private static final int MATCHES = 10_000;
  private static final int[] PERCENT = {1, 4, 15, 30, 50};
  private static final int[] HOLDERS = {Integer.MAX_VALUE, 300, 40, 5, 2};
  private static final Endpoint ORIGIN = new Endpoint("origin.example", 80);

  /** What viewers ask for. */
  private enum Kind {
    /** One file. */
    FILE,
    /** All files of a title, as players ask. */
    TITLE,
    /** The same with the appliance in use. */
    TITLE_IN_USE
  }

  private final int sites;
  private final int appliances;
  private final List<List<ContentId>> titles = new ArrayList<>();
  private final SplittableRandom random;
  private final HeartbeatIntake intake;
  private final long[] sequences;
  private long nanos;

  private Decisions(int sites, int appliances, int titles, long seed) {
    this.sites = sites;
    this.appliances = appliances;
    this.random = new SplittableRandom(seed);
    this.sequences = new long[appliances];
    this.intake =
        new HeartbeatIntake(
            () -> nanos,
            new HeartbeatIntake.Limits(
                appliances, 1_900_000, 100_000_000, FILES_PER_TITLE * titles + 1, 1_000_000),
            "origin");
    for (int title = 0; title < titles; title++) {
      List<ContentId> files = new ArrayList<>();
      for (int file = 0; file < FILES_PER_TITLE; file++) {
        files.add(new ContentId(random.nextLong(), random.nextLong()));
      }
      this.titles.add(List.copyOf(files));
    }
  }

  /** Measures and prints. */
  public static void main(String[] arguments) {
    int[] numbers = {200, 2000, 100_000, 1};
    for (int i = 0; i < arguments.length; i++) {
      numbers[i] = Integer.parseInt(arguments[i]);
    }
    Decisions decisions = new Decisions(numbers[0], numbers[1], numbers[2], numbers[3]);
    decisions.fill();
    decisions.run();
  }

  private void fill() {
    long began = System.nanoTime();
    List<List<ContentId>> held = new ArrayList<>();
    for (int i = 0; i < appliances; i++) {
      held.add(new ArrayList<>());
    }
    for (int title = 0; title < titles.size(); title++) {
      int holders = Math.min(appliances, holders(title));
      int from = random.nextInt(appliances);
      // Any odd step that shares no factor with the fleet's size meets each appliance once.
      int step = coprime();
      for (int i = 0; i < holders; i++) {
        held.get((int) ((from + (long) i * step) % appliances)).addAll(titles.get(title));
      }
    }
    for (int i = 0; i < appliances; i++) {
      beat(i);
      intake.inventory(new Inventory(id(i), "boot-1", 1, held.get(i)));
      held.set(i, List.of());
    }
    FleetSnapshot fleet = intake.snapshot();
    System.out.printf(
        Locale.ROOT,
        "%,d appliances at %,d sites, %,d files, %,d pairs; made in %.1f s%n",
        fleet.members().size(),
        sites,
        fleet.holders().files(),
        fleet.holders().pairs(),
        (System.nanoTime() - began) / 1e9);
  }

  private int coprime() {
    int step = 1 + random.nextInt(appliances);
    while (gcd(step, appliances) != 1) {
      step++;
    }
    return step;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private int holders(int title) {
    long percent = 100L * title / titles.size();
    int sum = 0;
    for (int i = 0; i < PERCENT.length; i++) {
      sum += PERCENT[i];
      if (percent < sum) {
        return HOLDERS[i];
      }
    }
    return HOLDERS[HOLDERS.length - 1];
  }

  private void run() {
    Random places = new Random(random.nextLong());
    List<Site> stands = new ArrayList<>();
    for (int site = 0; site < sites; site++) {
      stands.add(new Site(site(site), places.nextDouble(-60, 60), places.nextDouble(-180, 180)));
    }
    Ranker ranker =
        new Ranker(stands, new Rules(0.05, 3, 0.5, 1.25, 0.1, Duration.ofSeconds(60)), ORIGIN);
    List<Match> matches = new ArrayList<>();
    for (int i = 0; i < MATCHES; i++) {
      matches.add(match());
    }
    for (Kind kind : Kind.values()) {
      measure(ranker, matches, kind, WARM_UP);
    }
    for (Kind kind : Kind.values()) {
      print(kind, measure(ranker, matches, kind, DECISIONS));
    }
    explain(ranker, matches);
  }

  private long[] measure(Ranker ranker, List<Match> matches, Kind kind, int decisions) {
    long[] times = new long[decisions];
    long chosen = 0;
    FleetSnapshot fleet = intake.snapshot();
    for (int i = 0; i < decisions; i++) {
      if (i % PER_HEARTBEAT == 0) {
        nanos += 500_000;
        beat(i / PER_HEARTBEAT % appliances);
        fleet = intake.snapshot();
      }
      Match match = matches.get(random.nextInt(MATCHES));
      int number = (int) Math.pow(titles.size(), random.nextDouble()) - 1;
      List<ContentId> files = titles.get(number);
      String key = Integer.toString(number);
      ApplianceId current = kind == Kind.TITLE_IN_USE ? id(random.nextInt(appliances)) : null;
      long draw = random.nextLong();
      long began = System.nanoTime();
      Ask ask =
          kind == Kind.FILE
              ? new Ask(key, List.of(files.getFirst()), Ask.Form.URLS, null, draw)
              : new Ask(key, files, Ask.Form.PATHWAYS, current, draw);
      Decision decision = ranker.decide(match, ask, fleet, Shares.ALL, nanos);
      times[i] = System.nanoTime() - began;
      chosen += decision.chosen().size();
    }
    if (chosen == 0) {
      throw new IllegalStateException("nothing was chosen: the fleet is not what it should be");
    }
    return times;
  }

  private static void print(Kind kind, long[] times) {
    long sum = Arrays.stream(times).sum();
    Arrays.sort(times);
    System.out.printf(
        Locale.ROOT,
        "%-12s p50 %.2f us, p99 %.2f us, p99.9 %.2f us, %,.0f decisions/s%n",
        kind.name().toLowerCase(Locale.ROOT),
        times[times.length / 2] / 1e3,
        times[times.length / 100 * 99] / 1e3,
        times[times.length / 1000 * 999] / 1e3,
        times.length * 1e9 / sum);
  }

  /** All that explains a decision looks at everybody: for people, who ask less often. */
  private void explain(Ranker ranker, List<Match> matches) {
    long[] times = new long[2000];
    for (int i = 0; i < times.length; i++) {
      List<ContentId> files = titles.get(random.nextInt(titles.size()));
      Ask ask = new Ask("t", files, Ask.Form.PATHWAYS, null, random.nextLong());
      Match match = matches.get(random.nextInt(MATCHES));
      long began = System.nanoTime();
      int judged =
          ranker.decide(match, ask, intake.snapshot(), Shares.ALL, nanos).candidates().size();
      times[i] = System.nanoTime() - began;
      if (judged != appliances) {
        throw new IllegalStateException("an explanation names " + judged);
      }
    }
    Arrays.sort(times);
    System.out.printf(Locale.ROOT, "explained    p50 %.0f us%n", times[times.length / 2] / 1e3);
  }

  /** A home site; one network in four has two that are as good. */
  private Match match() {
    List<SitePath> paths = new ArrayList<>();
    for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
      SiteId home = site((random.nextInt(sites / 2) * 2 + i) % sites);
      paths.add(new SitePath(home, PathAttributes.LOCAL, "static"));
    }
    return new Match(Prefix.parse("192.0.2.0/24"), paths);
  }

  private void beat(int number) {
    int used = random.nextInt(900);
    intake.heartbeat(
        new Heartbeat(
            id(number),
            site(number % sites),
            new Endpoint("a" + number + ".example", ORIGIN.port()),
            "boot-1",
            ++sequences[number],
            Instant.EPOCH,
            new Health(false, used, 1000, 0, 100_000_000_000L),
            1L << 40,
            1L << 39,
            1,
            null,
            List.of(),
            86_400_000L));
  }

  private static ApplianceId id(int number) {
    return new ApplianceId("a" + number);
  }

  private static SiteId site(int number) {
    return new SiteId("s" + number);
  }
}
