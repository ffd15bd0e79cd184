package oca.fill.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Generates demand by a {@link WorkloadSpec}.
 *
 * <p>The library's hours fall over rank with slopes of -.5, -.6, -1 and -1.8, so that the top 1, 5,
 * 10 and 20 % of titles draw about a quarter, half, two thirds and four fifths; levels wander week
 * by week, and titles leave. Releases come every day with log-normal audiences; films keep .8 and
 * then .3 of last week's hours, series 1.0 and then .5; together they draw {@code newShare} of half
 * a year's hours. Days differ by a weekly cycle, hours by a daily one with its peak at 1.9 of the
 * mean and its trough at a fifth of the peak. Sessions are Poisson counts around what a title's
 * luck of the day makes of its rate; many leave at once, many stay to the end; each plays one rung
 * of the ladder, the higher the likelier.
 */
public final class Workload {
  /** Takes lines without their ends. */
  @FunctionalInterface
  public interface Lines {
    void line(String text) throws IOException;
  }

  /** A rate is written again when it has moved by more than this share. */
  private static final double MOVED = 0.005;

  private static final double[] WEEK = {-.12, -.12, -.1, -.06, .06, .2, .14};
  private static final double[] DAY = {
    1.0, .7, .5, .42, .39, .39, .42, .5, .6, .68, .74, .8, .88, .92, .94, .98, 1.1, 1.3, 1.5, 1.7,
    1.88, 1.94, 1.8, 1.4
  };

  private final WorkloadSpec spec;
  private final List<Title> titles;
  private final SplittableRandom chance;

  /** Draws the titles. */
  public Workload(WorkloadSpec spec) {
    this.spec = spec;
    SplittableRandom seeded = new SplittableRandom(spec.seed());
    titles = new Titles(spec, seeded.split()).draw();
    chance = seeded.split();
  }

  /** Titles that can be asked for on some day, those released before the first day among them. */
  public int titles() {
    return titles.size();
  }

  /** The release calendar: {@code file,release_period,kind,prior,size_bytes}, a line per file. */
  public void calendar(Lines out) throws IOException {
    out.line("file,release_period,kind,prior,size_bytes");
    SplittableRandom noise = new SplittableRandom(spec.seed() + 1);
    double all = hours(0);
    for (Title title : titles) {
      double off = Math.exp(spec.priorNoise() * noise.nextGaussian());
      if (title.isRelease() && title.firstDay() >= 0) {
        double expected = title.level() / all * spec.sessions() * off;
        for (int rung = 0; rung < spec.rungs(); rung++) {
          out.line(
              String.format(
                  Locale.ROOT,
                  "%s,%s,%s,%.3f,%d",
                  file(title, rung),
                  period(title.firstDay(), 0),
                  title.kind().text(),
                  expected * share(rung),
                  title.sizes()[rung]));
        }
      }
    }
  }

  /**
   * The demand table, period by period, and the rates behind it.
   *
   * @param demand takes {@code period,region,file,size_bytes,bytes_streamed}
   * @param rates takes {@code period,region,file,expected_bytes}: what a period of mean traffic
   *     brings, in force until the file's next line for that region; cycles are left out, for they
   *     move all files alike
   * @param progress told the days that are done
   */
  public void demand(Lines demand, Lines rates, IntConsumer progress) throws IOException {
    demand.line("period,region,file,size_bytes,bytes_streamed");
    rates.line("period,region,file,expected_bytes");
    int hours = spec.hourly() ? 24 : 1;
    double[][] written = new double[spec.regions()][titles.size()];
    for (int day = 0; day < spec.days(); day++) {
      double all = hours(day);
      double traffic = 1 + spec.weekly() * WEEK[day % 7];
      for (int region = 0; region < spec.regions(); region++) {
        List<Airing> airings = airings(day, region, all);
        String place = "region-" + (region + 1);
        for (Airing airing : airings) {
          rate(rates, airing, written[region], period(day, 0), place, hours);
        }
        for (int hour = 0; hour < hours; hour++) {
          String at = period(day, hour);
          double part = traffic * (spec.hourly() ? DAY[hour] / Arrays.stream(DAY).sum() : 1);
          for (Airing airing : airings) {
            watch(demand, airing, part, at, place);
          }
        }
      }
      progress.accept(day + 1);
    }
  }

  /** A title on one day in one region. */
  private record Airing(int index, Title title, double sessions, double luck) {}

  private List<Airing> airings(int day, int region, double all) {
    List<Airing> airings = new ArrayList<>();
    for (int i = 0; i < titles.size(); i++) {
      Title title = titles.get(i);
      double sessions = title.hours(day) * title.taste()[region] / all * spec.sessions();
      double luck = Chance.around1(chance, spec.bursts());
      airings.add(new Airing(i, title, sessions, luck));
    }
    return airings;
  }

  private void watch(Lines demand, Airing airing, double part, String at, String place)
      throws IOException {
    Title title = airing.title();
    double mean = airing.sessions() * airing.luck() * part;
    for (int rung = 0; mean > 0 && rung < spec.rungs(); rung++) {
      int sessions = Chance.poisson(chance, mean * share(rung));
      if (sessions > 0) {
        long size = title.sizes()[rung];
        long bytes = (long) (Chance.watched(chance, sessions) * size);
        if (bytes > 0) {
          demand.line(at + ',' + place + ',' + file(title, rung) + ',' + size + ',' + bytes);
        }
      }
    }
  }

  private void rate(
      Lines rates, Airing airing, double[] written, String at, String place, int hours)
      throws IOException {
    double now = airing.sessions() * Chance.watchedMean() / hours;
    double before = written[airing.index()];
    if (Math.abs(now - before) > MOVED * before) {
      written[airing.index()] = now;
      for (int rung = 0; rung < spec.rungs(); rung++) {
        double bytes = now * share(rung) * airing.title().sizes()[rung];
        String file = file(airing.title(), rung);
        rates.line(String.format(Locale.ROOT, "%s,%s,%s,%.1f", at, place, file, bytes));
      }
    }
  }

  private double hours(int day) {
    return titles.stream().mapToDouble(title -> title.hours(day)).sum();
  }

  /** Share of a title's sessions that play a rung. */
  private double share(int rung) {
    int rungs = spec.rungs();
    return 2.0 * (rung + 1) / (rungs * (rungs + 1.0));
  }

  private static String file(Title title, int rung) {
    return title.name() + "/v" + rung + ".mp4";
  }

  private String period(int day, int hour) {
    String date = spec.firstDay().plusDays(day).toString();
    return spec.hourly() ? String.format(Locale.ROOT, "%sT%02d", date, hour) : date;
  }
}
