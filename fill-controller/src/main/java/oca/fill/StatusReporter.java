package oca.fill;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import oca.fill.FillStatus.ApplianceLine;
import oca.fill.FillStatus.TitleLine;
import oca.fill.catalog.CatalogBook;
import oca.fill.catalog.CatalogView;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.fill.demand.DemandLedger;
import oca.fill.fleet.FleetRegistry;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.jobs.EngineStatus;
import oca.fill.jobs.FillLedger;
import oca.fill.plan.PlanHead;
import oca.fill.publish.ManifestBook;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;

/** Puts the status together from all rooms. Any thread. */
record StatusReporter(
    Supplier<FillConfig> config,
    InstantSource wall,
    CatalogBook catalog,
    CatalogPoller poller,
    ReleaseCalendar releases,
    DemandLedger demand,
    FleetRegistry fleet,
    ManifestBook manifests,
    FillLedger fills,
    PlanMaker maker,
    PlannerLoop planner,
    JobRoom jobs) {
  private static final int RANKING = 20;

  FillStatus status() throws IOException {
    CatalogView view = catalog.view();
    FleetRegistry.Dropped dropped = fleet.dropped();
    return new FillStatus(
        plan(),
        new FillStatus.CatalogLine(
            view.version(), view.files(), view.titles().size(), view.bytes(), poller.problem()),
        releases.line(view),
        fleet.snapshot().members().stream().map(this::line).toList(),
        fills.totals(),
        demand.totals(),
        new FillStatus.FleetLine(
            dropped.outOfOrder(), dropped.beyondLimit(), dropped.strayInventories()),
        ranking(),
        plans(),
        open());
  }

  private FillStatus.JobsLine open() {
    EngineStatus engine = jobs.figures();
    return new FillStatus.JobsLine(engine.queued(), engine.granted());
  }

  private FillStatus.Plan plan() {
    DayScale scale = config.get().scale();
    FillCalendar calendar = config.get().calendar();
    Instant now = wall.instant();
    Instant planNow = scale.plan(now);
    FillWindow window = maker.window();
    return new FillStatus.Plan(
        ChronoUnit.DAYS.between(calendar.date(scale.anchorPlan()), calendar.date(planNow)),
        calendar.timeOfDay(planNow).truncatedTo(ChronoUnit.SECONDS).toString(),
        window.isOpen(now),
        window.opens().toString(),
        window.closes().toString(),
        maker.madeAt().map(Instant::toString).orElse(""),
        planner.problem());
  }

  private ApplianceLine line(Member member) {
    Optional<FillManifest> manifest = manifests.manifest(member.id());
    List<FillManifest.Entry> entries = manifest.map(FillManifest::entries).orElse(List.of());
    return new ApplianceLine(
        member.id().value(),
        member.site().value(),
        member.alive(),
        member.capacityBytes(),
        manifest.map(FillManifest::version).orElse(0L),
        entries.size(),
        entries.stream().mapToLong(entry -> entry.file().length()).sum(),
        member.held().size(),
        (int) entries.stream().filter(entry -> member.held().contains(entry.file().id())).count());
  }

  private FillStatus.PlansLine plans() {
    return new FillStatus.PlansLine(
        maker.plans().applied().map(PlanHead::version).orElse(0L),
        maker.plans().newest().map(PlanHead::version).orElse(0L),
        maker.alert());
  }

  private List<TitleLine> ranking() throws IOException {
    return maker.placement().ranking(RANKING).stream()
        .map(it -> new TitleLine(it.unit(), it.popularity(), it.copies()))
        .toList();
  }
}
