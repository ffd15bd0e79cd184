package oca.server.fill;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oca.model.ContentId;
import oca.protocol.BlockList;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport.OriginReason;
import oca.protocol.FillReport.Result;
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
  private Instant postponedAt = Instant.MIN;
  private int waits;
  private boolean waiting;
  private long waitingSince;

  /** When something came last, by the wait of who sent it; later for shorter waits. */
  private final TreeMap<Long, Long> progress = new TreeMap<>();

  /** Bytes of the file that are here, up to its first gap; read by others. */
  private volatile long present;

  private long bytesFetched;
  private long bytesFromOrigin;
  private final Map<OriginReason, Long> originReasons = new EnumMap<>(OriginReason.class);
  private final Set<String> badPeers = new TreeSet<>();

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

  /** Whether it may run; also when the clock was set back since it was told to wait. */
  boolean isReady(Instant now) {
    return !now.isBefore(notBefore) || now.isBefore(postponedAt);
  }

  /** Whether it has to wait for peers, with nobody that it may ask at once but them. */
  boolean follows() {
    return entry.sources().stream().anyMatch(it -> it.afterMillis() > 0)
        && entry.sources().stream().allMatch(it -> it.tier() == Tier.PEER || it.afterMillis() > 0);
  }

  /**
   * For how many nanoseconds those who are asked before one with such a wait have sent nothing; 0
   * before anybody was asked.
   */
  long waited(long nanos, long afterMillis) {
    if (!waiting) {
      return 0;
    }
    Map.Entry<Long, Long> nearer = progress.lowerEntry(afterMillis);
    return nanos - (nearer == null ? waitingSince : Math.max(waitingSince, nearer.getValue()));
  }

  /** Somebody was asked in vain. */
  void askedInVain(long nanos) {
    if (!waiting) {
      waiting = true;
      waitingSince = nanos;
    }
  }

  /** One with such a wait, and no origin, sent something: all farther ones begin theirs anew. */
  void progressed(long nanos, long afterMillis) {
    waits = 0;
    progress.tailMap(afterMillis, true).clear();
    progress.put(afterMillis, nanos);
  }

  /** The window closed: time that passes until it opens again is nobody's. */
  void paused() {
    waiting = false;
  }

  Map<OriginReason, Long> originReasons() {
    return originReasons;
  }

  List<String> badPeers() {
    return badPeers.stream().limit(Result.MAX_BAD_PEERS).toList();
  }

  /** Notes who sent wrong bytes. */
  void lied(String authority) {
    if (badPeers.size() < Result.MAX_BAD_PEERS) {
      badPeers.add(authority);
    }
  }

  long present() {
    return present;
  }

  /** All before the first gap is here. */
  void reached(long firstGap) {
    present = firstGap;
  }

  /** A new grant: what failed under the one before counts no more. */
  void begunAnew() {
    rounds = 0;
    waits = 0;
    notBefore = Instant.MIN;
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

  /** Adds bytes that a peer's link carried. */
  void fetched(long bytes) {
    bytesFetched += bytes;
  }

  /** Adds bytes that the origin's link carried. */
  void fetched(long bytes, OriginReason reason) {
    bytesFetched += bytes;
    bytesFromOrigin += bytes;
    originReasons.merge(reason, bytes, Long::sum);
  }

  private static @Nullable ContentId blockList(Entry entry) {
    BlockList blocks = entry.file().blocks();
    return blocks == null ? null : ContentId.ofPath(blocks.path());
  }

  /** Notes a round that could not begin, through nobody's fault. */
  void postponed(Instant now, Duration pause) {
    postponedAt = now;
    notBefore = now.plus(pause);
  }

  /** Notes a round in which nobody had anything yet; the pause doubles with each. */
  void waits(Instant now, Duration pause, int mostDoublings) {
    postponed(now, pause.multipliedBy(1L << Math.min(waits, mostDoublings)));
    waits++;
  }

  /** Notes a round over all sources that came to nothing. */
  void failedRound(Instant now, Duration pause) {
    rounds++;
    postponed(now, pause);
  }
}
