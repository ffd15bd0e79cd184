package oca.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import oca.fill.catalog.CatalogView;
import oca.fill.day.DayScale;
import oca.fill.day.FillCalendar;
import oca.fill.day.FillCalendars;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.plan.PlanContent;
import oca.fill.publish.Deadlines;
import oca.fill.publish.Deadlines.Late;
import oca.fill.publish.Drafts;
import oca.fill.publish.Drafts.Wanted;
import oca.fill.publish.ManifestBook;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import oca.protocol.FillManifest.FillWindow;

/**
 * By when files have to be where they are placed, from the release calendar, and whether they will
 * be. Any thread.
 */
final class ReleaseTimes {
  /** So long after its release a title that is not everywhere still goes before others. */
  private static final Duration AFTER = Duration.ofDays(1);

  /** Releases that are farther away do not matter yet. */
  private static final Duration AHEAD = Duration.ofDays(30);

  private static final int MOST_WINDOWS = 400;
  private static final int MOST_NOTES = 20;

  private final Supplier<FillConfig> config;
  private final DayScale scale;
  private final ReleaseCalendar releases;

  ReleaseTimes(Supplier<FillConfig> config, ReleaseCalendar releases) {
    this.config = config;
    this.scale = config.get().scale();
    this.releases = releases;
  }

  /** When each file is due, in wall time, block lists like the files that name them. */
  Map<ContentId, Instant> due(CatalogView view, Instant now) {
    Instant planNow = scale.plan(now);
    Map<ContentId, Instant> due = new HashMap<>();
    releases
        .times(view, planNow.minus(AFTER), planNow.plus(AHEAD))
        .forEach(
            (id, plan) -> {
              Instant wall = Instant.ofEpochMilli(scale.wall(plan).toEpochMilli());
              due.merge(id, wall, ReleaseTimes::sooner);
              CatalogEntry file = view.file(id);
              BlockList blocks = file == null ? null : file.blocks();
              if (blocks != null) {
                due.merge(ContentId.ofPath(blocks.path()), wall, ReleaseTimes::sooner);
              }
            });
    return due;
  }

  private static Instant sooner(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** An order with those deadlines that its appliance has to know. */
  Drafts.Order order(Member member, FillWindow window, List<Wanted> files, Instant now) {
    return new Drafts.Order(member, window, look(member, window, files, now).files());
  }

  /** What a plan would not bring where it belongs in time, for an operator. */
  List<String> notes(
      PlanContent plan,
      FleetSnapshot fleet,
      CatalogView view,
      Instant now,
      java.util.function.Function<Member, FillWindow> windows) {
    Map<ContentId, Instant> due = due(view, now);
    if (due.isEmpty()) {
      return List.of();
    }
    Map<ApplianceId, List<Wanted>> wanted = new HashMap<>();
    for (int room = 0; room < plan.held().length; room++) {
      List<Wanted> files =
          wanted.computeIfAbsent(plan.task().rooms().get(room).appliance(), _ -> new ArrayList<>());
      for (int unit : plan.held()[room]) {
        for (CatalogEntry file : view.titles().getOrDefault(plan.task().units()[unit], List.of())) {
          files.add(new Wanted(file, due.get(file.id())));
        }
      }
    }
    List<String> notes = new ArrayList<>();
    int all = 0;
    for (Member member : fleet.alive()) {
      List<Wanted> files = wanted.getOrDefault(member.id(), List.of());
      List<Late> late = look(member, windows.apply(member), files, now).late();
      all += late.size();
      if (!late.isEmpty() && notes.size() < MOST_NOTES) {
        notes.add(note(member, late));
      }
    }
    if (notes.size() == MOST_NOTES) {
      notes.add("in all " + all + " files come after their release");
    }
    return notes;
  }

  private static String note(Member member, List<Late> late) {
    Late first = late.getFirst();
    return String.format(
        Locale.ROOT,
        "%d files cannot be on %s when they are released, the first %s at %s: %.0f s are needed and"
            + " the windows leave %.0f s",
        late.size(),
        member.id(),
        first.file().path(),
        first.due(),
        first.seconds(),
        first.secondsOpen());
  }

  /** Files of the manifests in force that cannot be there in time any more. */
  List<Late> late(FleetSnapshot fleet, ManifestBook manifests, Instant now) {
    List<Late> late = new ArrayList<>();
    for (Member member : fleet.alive()) {
      manifests.manifest(member.id()).ifPresent(it -> late.addAll(late(member, it, now)));
    }
    return late;
  }

  /** A sentence on when a title is due on an appliance; empty when it is not, or is held. */
  Optional<String> sentence(
      String title, Member member, Optional<FillManifest> manifest, Instant now) {
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> due =
        manifest.get().entries().stream()
            .filter(it -> it.file().title().equals(title))
            .filter(it -> !member.held().contains(it.file().id()))
            .flatMap(it -> Optional.ofNullable(it.due()).stream())
            .min(Instant::compareTo);
    Optional<Late> late =
        late(member, manifest.get(), now).stream()
            .filter(it -> it.file().title().equals(title))
            .findFirst();
    return due.map(
        at ->
            late.map(
                    it ->
                        String.format(
                            Locale.ROOT,
                            "It is due there at %s and cannot be there by then: %.0f s are needed"
                                + " and the windows leave %.0f s.",
                            at,
                            it.seconds(),
                            it.secondsOpen()))
                .orElse("It is due there at " + at + ", and goes before all others in time."));
  }

  private List<Late> late(Member member, FillManifest manifest, Instant now) {
    List<Wanted> due =
        manifest.entries().stream()
            .filter(it -> it.due() != null)
            .map(it -> new Wanted(it.file(), it.due()))
            .toList();
    return due.isEmpty() ? List.of() : look(member, manifest.window(), due, now).late();
  }

  private Deadlines.Looked look(Member member, FillWindow window, List<Wanted> files, Instant now) {
    FillCalendars calendars = config.get().calendars(member.site());
    return Deadlines.look(
        member.id(),
        files,
        member.held(),
        window,
        config.get().flowRules().caps().rate(member.site()),
        now,
        (from, to) -> open(calendars, from, to));
  }

  private Duration open(FillCalendars calendars, Instant from, Instant to) {
    Instant until = scale.plan(to);
    Instant at = scale.plan(from);
    Duration open = Duration.ZERO;
    for (int i = 0; i < MOST_WINDOWS && at.isBefore(until); i++) {
      FillCalendar.Window window = calendars.at(at);
      Instant begins = window.opens().isAfter(at) ? window.opens() : at;
      Instant ends = window.closes().isBefore(until) ? window.closes() : until;
      if (ends.isAfter(begins)) {
        open = open.plus(Duration.between(scale.wall(begins), scale.wall(ends)));
      }
      at = window.closes();
    }
    return open;
  }
}
