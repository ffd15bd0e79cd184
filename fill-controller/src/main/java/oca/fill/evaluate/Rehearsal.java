package oca.fill.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import oca.fill.forecast.Forecaster;
import oca.fill.forecast.Plays;
import oca.model.SiteId;

/**
 * Keeps score of a controller's forecasts over the days that its ledger keeps, as {@link
 * Evaluation} does over a table: each expert has a disk of its own for each region, changed before
 * each day by what it expects and within the budget, and the one that would have served most,
 * lately above all, is followed. The first quarter of the days fills the disks and does not count.
 *
 * <p>One forecast, one thread. A region of few days follows the expert in the middle of the
 * horizons.
 */
public final class Rehearsal implements Forecaster.Judge {
  /**
   * A region's disks, taken for one.
   *
   * @param bytes what they hold without its copies; less than 1 counts as 1
   * @param budget what may be fetched for it a day
   */
  public record Disk(long bytes, long budget) {
    public Disk {
      bytes = Math.max(1, bytes);
      budget = Math.max(1, budget);
    }
  }

  /**
   * How a region came out.
   *
   * @param followed the expert that is followed now
   * @param days that counted
   * @param served share of the demand of those days, by expert; empty when there was none
   */
  public record Score(String followed, int days, Map<String, Double> served) {
    public Score {
      served = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(served));
    }
  }

  private final Function<SiteId, Disk> disks;
  private final double hysteresis;
  private final List<Stage> stages = new ArrayList<>();
  private List<SiteId> regions = List.of();
  private List<String> experts = List.of();
  private long[] sizes = {};
  private int warmup;

  /** Before a forecast; {@code hysteresis} is by how much what is fetched must be better. */
  public Rehearsal(Function<SiteId, Disk> disks, double hysteresis) {
    this.disks = disks;
    this.hysteresis = hysteresis;
  }

  @Override
  public void begin(List<String> ofExperts, List<SiteId> ofRegions, long[] ofFiles, int days) {
    experts = List.copyOf(ofExperts);
    regions = List.copyOf(ofRegions);
    sizes = ofFiles.clone();
    warmup = Math.max(1, days / 4);
    stages.clear();
    regions.forEach(region -> stages.add(new Stage(disks.apply(region))));
  }

  @Override
  public void expect(int region, int expert, float[] plays) {
    stages.get(region).expect(expert, plays);
  }

  @Override
  public void came(int region, Plays plays) {
    stages.get(region).came(plays);
  }

  @Override
  public int best(int region) {
    return stages.get(region).contest.leader();
  }

  /** How all regions came out. */
  public Map<SiteId, Score> scores() {
    Map<SiteId, Score> scores = new LinkedHashMap<>();
    for (int region = 0; region < stages.size(); region++) {
      scores.put(regions.get(region), stages.get(region).score());
    }
    return scores;
  }

  /** One region. */
  private final class Stage {
    private final Contest contest;
    private float[] mean = new float[sizes.length];
    private int days;
    private double demand;

    Stage(Disk disk) {
      contest = new Contest(experts, Source.Choice.FOLLOW, disk.bytes(), disk.budget(), hysteresis);
    }

    void expect(int expert, float[] plays) {
      if (days >= warmup) {
        if (days == warmup && expert == 0) {
          contest.start(mean, sizes);
          mean = new float[0];
        }
        contest.fill(expert, plays, sizes);
      }
    }

    void came(Plays plays) {
      if (days < warmup) {
        for (int row = 0; row < plays.files().length; row++) {
          mean[plays.files()[row]] += (float) plays.plays()[row];
        }
      } else {
        Cell cell = new Cell();
        for (int row = 0; row < plays.files().length; row++) {
          int file = plays.files()[row];
          cell.add(file, plays.plays()[row] * sizes[file]);
        }
        demand += cell.sum();
        contest.serve(cell);
      }
      days++;
    }

    Score score() {
      Map<String, Double> served = new LinkedHashMap<>();
      double[] bytes = contest.servedByVariant();
      for (int expert = 0; demand > 0 && expert < bytes.length; expert++) {
        served.put(experts.get(expert), bytes[expert] / demand);
      }
      return new Score(experts.get(contest.leader()), Math.max(0, days - warmup), served);
    }
  }
}
