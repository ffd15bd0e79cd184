package oca.flink;

import java.io.Serial;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import oca.protocol.Wire;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.jspecify.annotations.Nullable;

/** Viewers of now, who ask for a file that nobody asked for before now and then. */
final class FreshRank implements GeneratorFunction<Long, Arrival>, Lookout {
  @Serial private static final long serialVersionUID = 1;
  private static final int BATCHES = 100;

  /** When each file was first asked for, by the process's clock. */
  static final Map<ContentId, Long> ASKED = new ConcurrentHashMap<>();

  static DataGeneratorSource<Arrival> source(int seconds) {
    return new DataGeneratorSource<>(
        new FreshRank(),
        (long) BATCHES * seconds,
        RateLimiterStrategy.perSecond(BATCHES),
        FormType.of(Forms.ARRIVAL));
  }

  @Override
  public Arrival map(Long index) {
    ContentId file = ContentId.ofPath("new" + index / 37);
    ASKED.putIfAbsent(file, System.nanoTime());
    Instant now = Instant.now();
    ServeRecords batch =
        new ServeRecords(
            new ApplianceId("n-1"),
            "boot",
            index + 1,
            0,
            List.of(new ServeRecord(now, file, "198.51.100.0", 206, 0, 1000, true, 1000, "part")));
    return new Arrival(
        Arrival.Kind.SERVE, "oca.serve/0", index, now.toEpochMilli(), "n-1", Wire.write(batch));
  }

  @Override
  public Watch open() {
    return new Watch() {
      @Override
      public String version() {
        return "made";
      }

      @Override
      public CatalogEntry file(ContentId file) {
        return new CatalogEntry(
            "new", "new", 1_000_000, "0".repeat(64), "video/mp4", Instant.EPOCH);
      }

      @Override
      public @Nullable SiteId site(ApplianceId server) {
        return null;
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
