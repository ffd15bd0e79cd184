package oca.fill;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import oca.fill.causes.Label;
import oca.fill.intake.IntakeStatus;
import oca.fill.intake.RecordIntake;
import oca.fill.intake.Sieve;
import oca.fill.jobs.EngineStatus;
import oca.fill.plan.PlanHead;
import oca.fill.state.StateStore;
import oca.fill.viewers.ViewerFigure;
import oca.protocol.flight.FlightRing;
import oca.protocol.flight.FlightStatus;
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
  private final List<Object> kept = new ArrayList<>();

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

  /** What is told whole, and what by what changed. */
  void bindFanOut(
      String what, Supplier<Map<String, Long>> answers, Supplier<Map<String, Long>> bytes) {
    for (String how : answers.get().keySet()) {
      FunctionCounter.builder(
              "oca.controller." + what + ".answers", answers, it -> it.get().getOrDefault(how, 0L))
          .tag("how", how)
          .description("answers to those who look at it")
          .register(registry);
    }
    for (String how : bytes.get().keySet()) {
      FunctionCounter.builder(
              "oca.controller." + what + ".bytes", bytes, it -> it.get().getOrDefault(how, 0L))
          .tag("how", how)
          .description("bytes of them")
          .register(registry);
    }
    // The counters hold them weakly.
    kept.add(answers);
    kept.add(bytes);
  }

  /** The flight recording, with the names that all processes have for it. */
  void bind(FlightRing flights) {
    Gauge.builder("oca.flight.recording", flights, it -> it.status().recording() ? 1 : 0)
        .description("1 while the last minutes are recorded")
        .register(registry);
    for (String cause : flights.status().kept().keySet()) {
      FunctionCounter.builder("oca.flight.kept", flights, it -> kept(it, cause))
          .description("flight recordings kept")
          .tag("cause", cause)
          .register(registry);
    }
    flight("skipped", "not kept so soon", flights, FlightStatus::skipped);
    flight("failures", "could not be kept", flights, FlightStatus::failures);
    flight("deleted", "deleted to keep the limits", flights, FlightStatus::deleted);
  }

  private static double kept(FlightRing flights, String cause) {
    return flights.status().kept().getOrDefault(cause, 0L);
  }

  private void flight(
      String name, String help, FlightRing flights, ToDoubleFunction<FlightStatus> figure) {
    FunctionCounter.builder("oca.flight." + name, flights, it -> figure.applyAsDouble(it.status()))
        .description(help)
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

  /** What viewers got, since the start. */
  void bind(ViewersDesk viewers) {
    viewers(
        "starts", "sessions of players heard of for the first time", viewers, ViewerFigure::starts);
    viewers("responses", "responses to viewers that ended", viewers, ViewerFigure::responses);
    viewers("failed", "of these, answered with a 5xx", viewers, ViewerFigure::failed);
    viewers("told", "of these, those whose player tells of itself", viewers, ViewerFigure::told);
    viewers(
        "starved",
        "of these, those whose player had run out of media",
        viewers,
        ViewerFigure::starved);
    viewers(
        "timed.bytes",
        "bytes of responses whose player told the bitrate",
        viewers,
        ViewerFigure::timedBytes);
    viewers(
        "late.bytes",
        "of these, those that took longer than they play",
        viewers,
        ViewerFigure::lateBytes);
  }

  private void viewers(
      String name, String help, ViewersDesk viewers, ToDoubleFunction<ViewerFigure> figure) {
    FunctionCounter.builder("oca.viewers." + name, viewers, it -> figure.applyAsDouble(it.total()))
        .description(help)
        .register(registry);
  }

  /** Bytes by what became of them. */
  void bind(MissDesk misses) {
    for (Label label : Label.values()) {
      FunctionCounter.builder("oca.controller.served.bytes", misses, it -> it.bytes(label))
          .tag("label", label.label())
          .description("bytes served to viewers, by why they came from where they came from")
          .register(registry);
    }
    Gauge.builder("oca.controller.served.waiting", misses, it -> it.account().waiting())
        .description("bytes that wait for their label")
        .strongReference(true)
        .register(registry);
  }

  /** What was taken out of records, whichever way they came. */
  void bind(Sieve sieve) {
    FunctionCounter.builder("oca.controller.records.refused", sieve, Sieve::refused)
        .description("serve records and results of fills that cannot be so, left out")
        .register(registry);
  }

  /** What comes from Kafka. */
  void bind(RecordIntake intake) {
    intake("batches", "batches of records read", intake, IntakeStatus::batches);
    intake("records", "records in them", intake, IntakeStatus::records);
    intake("malformed", "messages that are none", intake, IntakeStatus::malformed);
    intake("dropped", "records that senders say are lost", intake, IntakeStatus::dropped);
    intake("gaps", "batches whose numbers were passed over", intake, IntakeStatus::gaps);
    intake("failures", "tries that failed", intake, IntakeStatus::failures);
    gauge(
        "intake.failing",
        "1 while the last try failed",
        intake,
        it -> it.status().failing() ? 1 : 0);
    gauge(
        "intake.lag",
        "messages that wait in the partitions read here, -1 while not known",
        intake,
        it -> it.status().lag());
  }

  /** Who belongs to the fleet by what it said itself. */
  void bind(FleetDesk desk) {
    gauge(
        "fleet.missing",
        "appliances that said by Kafka that they serve, and are not heard",
        desk,
        FleetDesk::missing);
    gauge(
        "fleet.events.refused",
        "events that are none, or of too many appliances",
        desk,
        it -> it.reader().refused());
  }

  private void intake(
      String name, String help, RecordIntake intake, ToDoubleFunction<IntakeStatus> figure) {
    FunctionCounter.builder(
            "oca.controller.intake." + name, intake, it -> figure.applyAsDouble(it.status()))
        .description(help)
        .register(registry);
  }

  /** The ledger of each day. */
  void bind(LedgerDesk ledger) {
    FunctionCounter.builder("oca.controller.ledger.closed", ledger, LedgerDesk::closed)
        .description("days of the ledger closed and signed")
        .register(registry);
    FunctionCounter.builder("oca.controller.ledger.failures", ledger, LedgerDesk::failures)
        .description("times that the ledger could not be written")
        .register(registry);
    FunctionCounter.builder("oca.controller.ledger.late.labels", ledger, LedgerDesk::lateLabels)
        .description("bytes whose labels came when their day of the ledger was closed")
        .register(registry);
  }

  void bind(StateStore store) {
    gauge(
        "state.connected",
        "1 while the database of plans and demand can be written",
        store,
        it -> it.isConnected() ? 1 : 0);
    FunctionCounter.builder("oca.controller.state.losses", store, StateStore::losses)
        .description("connections to that database that were lost")
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
