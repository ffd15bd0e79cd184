package oca.fill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;
import oca.fill.plan.PlanHead;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Response;

/**
 * {@code GET /metrics}: what the controller counts, as Prometheus text; what each means stands in
 * METRICS.md. Whoever has figures of their own adds a {@code bind} method.
 */
final class FillMetrics {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  void bind(PlanMaker maker) {
    gauge(
        "plan.waiting",
        "1 while a plan for the open window waits for an operator",
        maker,
        it -> it.alert().isEmpty() ? 0 : 1);
    gauge(
        "plan.version",
        "version of the plan in force, 0 for none",
        maker,
        it -> inForce(it, PlanHead::version));
    gauge(
        "plan.newest.version",
        "version of the newest plan, 0 for none",
        maker,
        it -> it.plans().newest().map(PlanHead::version).orElse(0L));
    gauge(
        "plan.copies",
        "copies that the plan in force places",
        maker,
        it -> inForce(it, PlanHead::copies));
    gauge("plan.bytes", "bytes of those copies", maker, it -> inForce(it, PlanHead::bytes));
    gauge(
        "plan.expected.bytes",
        "bytes that viewers were expected to ask for a day",
        maker,
        it -> inForce(it, PlanHead::expectedBytes));
    gauge(
        "plan.served.bytes",
        "of those, what an appliance near to them is to hold",
        maker,
        it -> inForce(it, PlanHead::servedBytes));
    gauge(
        "plan.applied.seconds",
        "when the plan in force came into force, since 1970",
        maker,
        it -> it.madeAt().map(at -> at.toEpochMilli() / 1e3).orElse(0.0));
  }

  void addTo(ControlListener listener) {
    listener.route("GET", "/metrics", _ -> Response.text(MEDIA_TYPE, registry.scrape()));
  }

  private static double inForce(PlanMaker maker, ToDoubleFunction<PlanHead> figure) {
    return maker.plans().applied().map(figure::applyAsDouble).orElse(0.0);
  }

  private <T> void gauge(String name, String help, T of, ToDoubleFunction<T> figure) {
    Gauge.builder("oca.controller." + name, of, figure)
        .description(help)
        .strongReference(true)
        .register(registry);
  }
}
