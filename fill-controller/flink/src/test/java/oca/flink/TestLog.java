package oca.flink;

import java.io.Serial;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;

/** A made log as a source that remembers in checkpoints how far it is. */
final class TestLog implements GeneratorFunction<Long, Arrival>, Lookout {
  @Serial private static final long serialVersionUID = 1;

  private static final Map<String, MadeLog> LOGS = new ConcurrentHashMap<>();

  /** When the first message of each run was asked for, by the process's clock. */
  static final Map<String, Long> BEGUN = new ConcurrentHashMap<>();

  private final String run;

  TestLog(String run, MadeLog log) {
    this.run = run;
    LOGS.put(run, log);
  }

  /** At most so many messages a second. */
  DataGeneratorSource<Arrival> source(double perSecond) {
    return new DataGeneratorSource<>(
        this,
        LOGS.get(run).arrivals.size(),
        RateLimiterStrategy.perSecond(perSecond),
        FormType.of(Forms.ARRIVAL));
  }

  @Override
  public Arrival map(Long index) {
    BEGUN.putIfAbsent(run, System.nanoTime());
    return LOGS.get(run).arrivals.get(index.intValue());
  }

  @Override
  public Watch open() {
    return LOGS.get(run).watch();
  }
}
