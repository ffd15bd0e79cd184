package oca.fill.ready;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import oca.config.Default;
import oca.fill.fleet.FleetSnapshot;
import oca.fill.fleet.FleetSnapshot.Member;
import oca.fill.ready.TitleReadiness.Missing;
import oca.fill.ready.TitleReadiness.SiteLine;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest;
import org.jspecify.annotations.Nullable;

/**
 * When a title is live: at enough sites enough living appliances hold all its files.
 *
 * <p>What is expected assumes that an appliance fetches what it lacks in the order of its manifest,
 * at its full rate, while its window is open. It is a forecast for people, not a promise: sources
 * may be slower.
 *
 * @param copies at a site, 1 or more
 * @param share of the fleet's sites, above 0, at most 1
 */
public record Readiness(@Default("1") int copies, @Default("1") double share) {
  private static final int NANOS_A_SECOND = 1_000_000_000;

  public Readiness {
    if (copies < 1) {
      throw new IllegalArgumentException("copies must be 1 or more, not " + copies);
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share must be above 0 and at most 1, not " + share);
    }
  }

  /** An appliance's part, and when it is whole. */
  private record Part(boolean whole, Optional<Missing> missing, @Nullable Instant at) {}

  /**
   * How far a title has come.
   *
   * @param files of the title that viewers ask for; without any it is never live
   * @param manifests what each appliance is to hold
   * @param now wall time
   */
  public TitleReadiness of(
      String title,
      List<CatalogEntry> files,
      FleetSnapshot fleet,
      Function<ApplianceId, Optional<FillManifest>> manifests,
      Instant now) {
    Map<SiteId, List<Member>> members =
        fleet.members().stream()
            .collect(Collectors.groupingBy(Member::site, TreeMap::new, Collectors.toList()));
    List<SiteLine> sites = new ArrayList<>();
    List<Instant> readyAt = new ArrayList<>();
    members.forEach(
        (site, atSite) -> {
          List<Part> parts =
              atSite.stream()
                  .map(member -> part(member, files, manifests.apply(member.id()), now))
                  .toList();
          int whole = (int) parts.stream().filter(Part::whole).count();
          sites.add(
              new SiteLine(
                  site,
                  whole >= copies,
                  whole,
                  copies,
                  parts.stream().flatMap(part -> part.missing().stream()).toList()));
          parts.stream()
              .flatMap(part -> Optional.ofNullable(part.at()).stream())
              .sorted()
              .skip(copies - 1L)
              .findFirst()
              .ifPresent(readyAt::add);
        });
    int wanted = (int) Math.max(1, Math.ceil(share * members.size() - 1e-9));
    int ready = (int) sites.stream().filter(SiteLine::ready).count();
    readyAt.sort(null);
    boolean live = ready >= wanted;
    Instant expected = live || readyAt.size() < wanted ? null : readyAt.get(wanted - 1);
    return new TitleReadiness(title, live, ready, wanted, expected, sites);
  }

  private static Part part(
      Member member, List<CatalogEntry> files, Optional<FillManifest> manifest, Instant now) {
    List<CatalogEntry> lacking =
        files.stream().filter(file -> !member.held().contains(file.id())).toList();
    if (lacking.isEmpty() && !files.isEmpty()) {
      return new Part(member.alive(), Optional.empty(), member.alive() ? now : null);
    }
    Set<ContentId> planned = new HashSet<>();
    manifest.ifPresent(it -> it.entries().forEach(entry -> planned.add(entry.file().id())));
    if (manifest.isEmpty() || files.stream().noneMatch(file -> planned.contains(file.id()))) {
      return new Part(false, Optional.empty(), null);
    }
    Instant due =
        manifest.get().entries().stream()
            .filter(it -> lacking.contains(it.file()))
            .flatMap(it -> Optional.ofNullable(it.due()).stream())
            .min(Instant::compareTo)
            .orElse(null);
    String why = "";
    Instant at = null;
    if (!member.alive()) {
      why = "it is not alive";
    } else if (!lacking.stream().allMatch(file -> planned.contains(file.id()))) {
      why = "its manifest lists only a part of the title";
    } else {
      at = expected(member, lacking, manifest.get(), now);
      why = at == null ? "not within the window that closes at " + closes(manifest.get()) : "";
      if (at != null && due != null && at.isAfter(due)) {
        why = "after its release at " + due;
      }
    }
    long bytes = lacking.stream().mapToLong(CatalogEntry::length).sum();
    return new Part(
        false, Optional.of(new Missing(member.id(), lacking.size(), bytes, at, due, why)), at);
  }

  private static Instant closes(FillManifest manifest) {
    return manifest.window().closes();
  }

  /**
   * The manifest's order, but when some of what is due would come too late in it, all that is due
   * first, by the deadlines.
   */
  private static List<FillManifest.Entry> inOrder(
      Member member, FillManifest manifest, Instant now) {
    Instant opens = manifest.window().opens();
    Instant begins = now.isAfter(opens) ? now : opens;
    double bytes = 0;
    boolean late = false;
    for (FillManifest.Entry entry : manifest.entries()) {
      bytes += member.held().contains(entry.file().id()) ? 0 : entry.file().length();
      Instant due = entry.due();
      late |=
          due != null
              && !member.held().contains(entry.file().id())
              && begins
                  .plusNanos((long) (bytes / manifest.bytesPerSecond() * NANOS_A_SECOND))
                  .isAfter(due);
    }
    if (!late) {
      return manifest.entries();
    }
    List<FillManifest.Entry> ordered = new ArrayList<>(manifest.entries());
    ordered.sort(
        Comparator.comparing(
            FillManifest.Entry::due, Comparator.nullsLast(Comparator.naturalOrder())));
    return ordered;
  }

  private static @Nullable Instant expected(
      Member member, List<CatalogEntry> lacking, FillManifest manifest, Instant now) {
    Set<ContentId> left = lacking.stream().map(CatalogEntry::id).collect(Collectors.toSet());
    double bytes = 0;
    for (FillManifest.Entry entry : inOrder(member, manifest, now)) {
      if (left.isEmpty()) {
        break;
      }
      ContentId file = entry.file().id();
      bytes += member.held().contains(file) ? 0 : entry.file().length();
      left.remove(file);
    }
    Instant opens = manifest.window().opens();
    Instant begins = now.isAfter(opens) ? now : opens;
    double seconds = bytes / manifest.bytesPerSecond();
    double most = Duration.between(begins, closes(manifest)).toNanos() / (double) NANOS_A_SECOND;
    return seconds <= most ? begins.plusNanos((long) (seconds * NANOS_A_SECOND)) : null;
  }
}
