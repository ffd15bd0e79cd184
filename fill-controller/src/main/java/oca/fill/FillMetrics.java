package oca.fill;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;
import oca.fill.jobs.EngineStatus;
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
        "fill.late",
        "copies in force that cannot be there any more when they are released",
        maker,
        PlanMaker::late);
    gauge(
        "plan.applied.seconds",
        "when the plan in force came into force, since 1970",
        maker,
        it -> it.madeAt().map(at -> at.toEpochMilli() / 1e3).orElse(0.0));
  }

  /** Figures of the jobs begin with oca.fill, as the appliances' do. */
  void bind(JobRoom jobs) {
    count(
        "reconciled", "jobs that differed between memory and book", jobs, EngineStatus::reconciled);
    count("fenced", "writes refused as stale", jobs, EngineStatus::fenced);
    count("granted", "grants given", jobs, EngineStatus::grants);
    count("retold", "grants told again", jobs, EngineStatus::retold);
    count("strays", "ends of grants that are not the newest", jobs, EngineStatus::strays);
    count("takeovers", "slots gained", jobs, EngineStatus::takeovers);
    count("store.failures", "failures of the database of jobs", jobs, EngineStatus::failures);
    jobs("queued", jobs, EngineStatus::queued);
    jobs("granted", jobs, EngineStatus::granted);
    FunctionCounter.builder("oca.fill.reports.lost", jobs, JobRoom::reportsLost)
        .description("reports of appliances that reached no jobs")
        .register(registry);
  }

  private void count(
      String name, String help, JobRoom jobs, ToDoubleFunction<EngineStatus> figure) {
    FunctionCounter.builder("oca.fill." + name, jobs, it -> figure.applyAsDouble(it.figures()))
        .description(help)
        .register(registry);
  }

  private void jobs(String state, JobRoom jobs, ToDoubleFunction<EngineStatus> figure) {
    Gauge.builder("oca.fill.jobs", jobs, it -> figure.applyAsDouble(it.figures()))
        .tag("state", state)
        .description("jobs in the memory of this controller")
        .strongReference(true)
        .register(registry);
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
