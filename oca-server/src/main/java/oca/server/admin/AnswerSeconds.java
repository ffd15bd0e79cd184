package oca.server.admin;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Supplier;

/**
 * The times of answers as a Prometheus histogram. They are counted where no meter is known; a meter
 * of Micrometer's own would have to be told of each answer.
 */
final class AnswerSeconds implements Collector {
  private static final double MICRO = 1e-6;

  private final String name;
  private final String help;
  private final Supplier<ApplianceStatus.Times> times;

  AnswerSeconds(String name, String help, Supplier<ApplianceStatus.Times> times) {
    this.name = name;
    this.help = help;
    this.times = times;
  }

  @Override
  public MetricSnapshot collect() {
    ApplianceStatus.Times now = times.get();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < now.upToMicros().size(); i++) {
      // Divided, not multiplied: 250 / 1e6 is the double that is written 2.5E-4.
      buckets.bucket(now.upToMicros().get(i) / 1e6, now.counts().get(i));
    }
    buckets.bucket(Double.POSITIVE_INFINITY, now.counts().getLast());
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(
            HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets.build())
                .sum(now.sumMicros() * MICRO)
                .build())
        .build();
  }
}
