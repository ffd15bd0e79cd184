package oca.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import oca.model.ApplianceId;
import org.jspecify.annotations.Nullable;

/**
 * What one appliance should hold, and when, from where and how fast it may fetch what it lacks.
 * Files held but not listed may be evicted when space is needed.
 *
 * <p>Manifests written before sources had tiers are still read; an appliance that knows no tiers
 * cannot read those that have some, so appliances are updated before their controller.
 *
 * @param appliance whom it is for
 * @param version grows with each change; serves as the ETag
 * @param window when filling is allowed
 * @param bytesPerSecond the most that filling may fetch, over all files together; more than 0
 * @param outsideBytesPerSecond the part of it that may come from outside of the site, that is from
 *     {@link Tier#SITE} and {@link Tier#ORIGIN}; more than 0, null for no such bound
 * @param entries most valuable first: they are fetched in this order, but a block list before the
 *     file that names it, and files that are due and in danger before all others; each list that
 *     one of them names is among them
 */
public record FillManifest(
    ApplianceId appliance,
    long version,
    FillWindow window,
    long bytesPerSecond,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long outsideBytesPerSecond,
    List<Entry> entries) {

  public FillManifest {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a fill rate must be above zero: " + bytesPerSecond);
    }
    if (outsideBytesPerSecond != null && outsideBytesPerSecond <= 0) {
      throw new IllegalArgumentException(
          "a rate from outside must be above zero: " + outsideBytesPerSecond);
    }
    entries = List.copyOf(entries);
    BlockLists.check(entries.stream().map(Entry::file).toList(), "the manifest");
  }

  /** A manifest that does not bound what comes from outside of the site. */
  public FillManifest(
      ApplianceId appliance,
      long version,
      FillWindow window,
      long bytesPerSecond,
      List<Entry> entries) {
    this(appliance, version, window, bytesPerSecond, null, entries);
  }

  /** How far a source is, and so what its bytes cost. */
  public enum Tier {
    /** An appliance of the same site: it holds the file, or has its verified blocks. */
    PEER,
    /** An appliance of another site. */
    SITE,
    /** The publisher's origin; also how a tier is read that only a newer controller knows. */
    ORIGIN;

    private static Tier read(String written) {
      for (Tier tier : values()) {
        if (tier.name().equals(written)) {
          return tier;
        }
      }
      return ORIGIN;
    }
  }

  /**
   * One place to fetch a file from. A peer that may be asked at once is written as its bare URI, as
   * all sources were before they had tiers.
   *
   * @param uri of the file, there
   * @param tier how far that is
   * @param afterMillis how long the appliance must have asked all sources that come earlier in vain
   *     before it asks this one, in milliseconds, 0 to {@link #MOST_AFTER}. Counted by the
   *     appliance on a clock that cannot be set, from when it first asked for the file while the
   *     window was open, and anew from each byte that one of the earlier sources sent. A repair
   *     does not wait
   */
  public record Source(URI uri, Tier tier, long afterMillis) {
    /** The longest wait that a manifest may ask for. */
    public static final Duration MOST_AFTER = Duration.ofDays(7);

    public Source {
      if (afterMillis < 0 || afterMillis > MOST_AFTER.toMillis()) {
        throw new IllegalArgumentException(
            "the wait before "
                + uri
                + " is asked must be 0 to "
                + MOST_AFTER.toMillis()
                + " ms, not "
                + afterMillis);
      }
    }

    /** A peer that may be asked at once. */
    public static Source peer(URI uri) {
      return new Source(uri, Tier.PEER, 0);
    }

    /** Reads what {@link #written} wrote: a URI, or an object. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Source read(Object written) {
      return switch (written) {
        case String uri -> peer(URI.create(uri));
        case Map<?, ?> fields ->
            new Source(
                URI.create(String.valueOf(field(fields, "uri"))),
                Tier.read(String.valueOf(field(fields, "tier"))),
                millis(field(fields, "afterMillis")));
        default -> throw new IllegalArgumentException("neither a URI nor an object: " + written);
      };
    }

    private static Object field(Map<?, ?> fields, String name) {
      Object value = fields.get(name);
      if (value == null) {
        throw new IllegalArgumentException("a source without " + name);
      }
      return value;
    }

    private static long millis(Object number) {
      return switch (number) {
        case Integer millis -> millis;
        case Long millis -> millis;
        default -> throw new IllegalArgumentException("not so many milliseconds: " + number);
      };
    }

    /** How it is written. */
    @JsonValue
    Object written() {
      return tier == Tier.PEER && afterMillis == 0 ? uri : new Written(uri, tier, afterMillis);
    }

    private record Written(URI uri, Tier tier, long afterMillis) {}
  }

  /**
   * One file to hold.
   *
   * @param file what it is
   * @param sources where it can be fetched, in the order in which they are asked
   * @param due when it must be here, as its release is near; null when that does not matter
   */
  public record Entry(
      CatalogEntry file,
      List<Source> sources,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant due) {
    public Entry {
      sources = List.copyOf(sources);
    }

    /** A file that is not due at any time. */
    public Entry(CatalogEntry file, List<Source> sources) {
      this(file, sources, null);
    }

    /** A file from sources that may all be asked at once. */
    public static Entry from(CatalogEntry file, List<URI> sources) {
      return new Entry(file, sources.stream().map(Source::peer).toList());
    }
  }

  /**
   * When filling is allowed: from {@code opens} until just before {@code closes}. The next manifest
   * names the next window.
   */
  public record FillWindow(Instant opens, Instant closes) {
    public FillWindow {
      if (closes.isBefore(opens)) {
        throw new IllegalArgumentException("a window that closes before it opens");
      }
    }

    /** Whether filling is allowed at {@code now}. */
    public boolean isOpen(Instant now) {
      return !now.isBefore(opens) && now.isBefore(closes);
    }
  }
}
