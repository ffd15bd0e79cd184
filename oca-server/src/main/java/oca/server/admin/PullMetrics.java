package oca.server.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import oca.server.admin.ApplianceStatus.PullService;
import oca.server.admin.ApplianceStatus.Upstream;

/** The meters of services that pull. Whoever scrapes holds the lock. */
final class PullMetrics {
  private final MeterRegistry registry;
  private final Supplier<ApplianceStatus> latest;
  private final Set<String> known = new HashSet<>();

  /**
   * @param latest the status of the present scrape
   */
  PullMetrics(MeterRegistry registry, Supplier<ApplianceStatus> latest) {
    this.registry = registry;
    this.latest = latest;
  }

  /** Those of the store that all services share. */
  void store() {
    gauge("oca.pull.objects", "Pulled objects kept", Tags.empty(), it -> it.pull().objects());
    gauge("oca.pull.bytes", "Bytes they take", Tags.empty(), it -> it.pull().usedBytes());
    gauge(
        "oca.pull.capacity.bytes",
        "Bytes they may take",
        Tags.empty(),
        it -> it.pull().capacityBytes());
    counter(
        "oca.pull.evicted",
        "Pulled objects that made room for others",
        Tags.empty(),
        it -> it.pull().evicted());
    counter(
        "oca.pull.disk.errors",
        "Calls to the disk of pulled objects that failed or hung",
        Tags.empty(),
        it -> it.pull().errors());
  }

  /** Those of a service, once. */
  void service(PullService service) {
    String name = service.name();
    if (!known.add(name)) {
      return;
    }
    Tags tags = Tags.of("service", name);
    gauge(
        "oca.pull.targets",
        "Targets of which something is kept or being asked for",
        tags,
        of(name, it -> it.targets()));
    for (String way : service.answers().keySet()) {
      counter(
          "oca.pull.answers",
          "Requests for pulled content by how they were answered",
          tags.and("way", way),
          of(name, it -> it.answers().getOrDefault(way, 0L)));
    }
    for (String reason : service.notKept().keySet()) {
      counter(
          "oca.pull.not.kept",
          "Answers of upstreams that were not kept",
          tags.and("reason", reason),
          of(name, it -> it.notKept().getOrDefault(reason, 0L)));
    }
    for (String reason : service.failures().keySet()) {
      counter(
          "oca.pull.failures",
          "Fetches that failed",
          tags.and("reason", reason),
          of(name, it -> it.failures().getOrDefault(reason, 0L)));
    }
    for (Upstream upstream : service.upstreams()) {
      upstream(
          tags.and("upstream", URI.create(upstream.url()).getRawAuthority()), name, upstream.url());
    }
  }

  private void upstream(Tags tags, String name, String url) {
    gauge(
        "oca.pull.upstream.healthy",
        "1 while the upstream is asked",
        tags,
        of(name, url, it -> it.healthy() ? 1 : 0));
    gauge(
        "oca.pull.upstream.in.flight",
        "Requests under way to the upstream",
        tags,
        of(name, url, it -> it.inFlight()));
    counter(
        "oca.pull.upstream.requests",
        "Requests sent to the upstream",
        tags,
        of(name, url, it -> it.requests()));
  }

  private static ToDoubleFunction<ApplianceStatus> of(
      String name, ToDoubleFunction<PullService> value) {
    return status ->
        status.pull().services().stream()
            .filter(it -> it.name().equals(name))
            .mapToDouble(value)
            .findFirst()
            .orElse(0);
  }

  private static ToDoubleFunction<ApplianceStatus> of(
      String name, String url, ToDoubleFunction<Upstream> value) {
    return of(
        name,
        service ->
            service.upstreams().stream()
                .filter(it -> it.url().equals(url))
                .mapToDouble(value)
                .findFirst()
                .orElse(0));
  }

  private void gauge(String name, String help, Tags tags, ToDoubleFunction<ApplianceStatus> value) {
    Gauge.builder(name, () -> value.applyAsDouble(latest.get()))
        .description(help)
        .tags(tags)
        .register(registry);
  }

  private void counter(
      String name, String help, Tags tags, ToDoubleFunction<ApplianceStatus> value) {
    FunctionCounter.builder(name, latest, it -> value.applyAsDouble(it.get()))
        .description(help)
        .tags(tags)
        .register(registry);
  }
}
