package oca.protocol;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;

/**
 * What one appliance should hold, and when and how fast it may fetch what it lacks. Files held but
 * not listed may be evicted when space is needed.
 *
 * @param appliance whom it is for
 * @param version grows with each change; serves as the ETag
 * @param window when filling is allowed
 * @param bytesPerSecond the most that filling may fetch, over all files together; more than 0
 * @param entries most valuable first: they are fetched in this order, but a block list before the
 *     file that names it; each list that one of them names is among them
 */
public record FillManifest(
    ApplianceId appliance,
    long version,
    FillWindow window,
    long bytesPerSecond,
    List<Entry> entries) {

  public FillManifest {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException("a fill rate must be above zero: " + bytesPerSecond);
    }
    entries = List.copyOf(entries);
    BlockLists.check(entries.stream().map(Entry::file).toList(), "the manifest");
  }

  /**
   * One file to hold.
   *
   * @param file what it is
   * @param sources where it can be fetched, best first: peers that hold it, then the origin
   */
  public record Entry(CatalogEntry file, List<URI> sources) {
    public Entry {
      sources = List.copyOf(sources);
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
