package oca.server.fill;

import java.time.Instant;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import org.jspecify.annotations.Nullable;

/**
 * One file to fetch, with what its fetching has cost so far. Owned by the queue while it waits (and
 * then guarded by the queue's lock), by one worker while it runs.
 */
final class FillJob {
  private final long number;
  private final ContentId file;
  private Entry entry;
  private @Nullable ContentId blockList;
  private FillWindow window;
  private long manifestVersion;
  private int rounds;
  private Instant notBefore = Instant.MIN;
  private long bytesFetched;
  private long bytesFromOrigin;

  /** A job that has not begun; numbers count from 1 since the start of the process. */
  FillJob(long number, ContentId file, Entry entry, FillWindow window, long manifestVersion) {
    this.number = number;
    this.file = file;
    this.entry = entry;
    this.blockList = blockList(entry);
    this.window = window;
    this.manifestVersion = manifestVersion;
  }

  long number() {
    return number;
  }

  ContentId file() {
    return file;
  }

  Entry entry() {
    return entry;
  }

  /** The block list that has to be here before the file; null when it names none. */
  @Nullable ContentId blockList() {
    return blockList;
  }

  long manifestVersion() {
    return manifestVersion;
  }

  int rounds() {
    return rounds;
  }

  Instant notBefore() {
    return notBefore;
  }

  long bytesFetched() {
    return bytesFetched;
  }

  long bytesFromOrigin() {
    return bytesFromOrigin;
  }

  /** Whether a manifest says the same of this file; if not, its failures are forgotten. */
  boolean sameOrder(Entry newEntry, FillWindow newWindow) {
    return entry.equals(newEntry) && window.equals(newWindow);
  }

  /** Takes over what a newer manifest says of the file. */
  void renew(Entry newEntry, FillWindow newWindow, long newVersion) {
    if (!sameOrder(newEntry, newWindow)) {
      rounds = 0;
      notBefore = Instant.MIN;
    }
    entry = newEntry;
    blockList = blockList(newEntry);
    window = newWindow;
    manifestVersion = newVersion;
  }

  /** Adds bytes that a link carried. */
  void fetched(long bytes, boolean fromOrigin) {
    bytesFetched += bytes;
    if (fromOrigin) {
      bytesFromOrigin += bytes;
    }
  }

  private static @Nullable ContentId blockList(Entry entry) {
    BlockList blocks = entry.file().blocks();
    return blocks == null ? null : ContentId.ofPath(blocks.path());
  }

  /** Notes a round that could not begin, through nobody's fault. */
  void postponed(Instant nextNotBefore) {
    notBefore = nextNotBefore;
  }

  /** Notes a round over all sources that came to nothing. */
  void failedRound(Instant nextNotBefore) {
    rounds++;
    notBefore = nextNotBefore;
  }
}
