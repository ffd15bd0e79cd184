package oca.server.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import oca.server.admin.Operations.Recalled;

/** The meters of recalls. */
final class RecallMetrics {
  private RecallMetrics() {}

  static void bind(MeterRegistry registry, Supplier<Recalled> recalls) {
    count(registry, recalls, "orders", "Recalls ordered", Recalled::orders);
    count(registry, recalls, "files", "Files of which blocks were recalled", Recalled::files);
    count(registry, recalls, "bytes", "Bytes that were recalled", Recalled::bytes);
    count(registry, recalls, "unread", "Files a recall could not look at", Recalled::unread);
    Gauge.builder("oca.recall.open", recalls, it -> it.get().open())
        .description("Recalls that are not done on a volume in service")
        .strongReference(true)
        .register(registry);
  }

  private static void count(
      MeterRegistry registry,
      Supplier<Recalled> recalls,
      String name,
      String help,
      ToDoubleFunction<Recalled> figure) {
    FunctionCounter.builder("oca.recall." + name, recalls, it -> figure.applyAsDouble(it.get()))
        .description(help)
        .register(registry);
  }
}
