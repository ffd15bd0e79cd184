package oca.server.fill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.model.ByteRange;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillManifest.Source;
import oca.protocol.FillManifest.Tier;
import oca.protocol.FillReport;
import oca.protocol.FillReport.OriginReason;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.FillSource.Fetched;
import oca.server.fill.Offers.Offer;
import oca.store.Admission;
import oca.store.BlockDigests;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import oca.store.DigestMismatchException;
import oca.store.FencedException;
import oca.store.FillRequest;
import oca.store.FillSession;
import oca.store.Provenance;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round over the sources of one file, in their order, until the store has it.
 *
 * <p>{@link Offers} says whom to ask, from what the newest manifest says: that may change while the
 * round runs. When it says how far they are, a source is asked for one block, then for two, four
 * and so on, so that a peer to which the file is still coming gives what it has; otherwise for a
 * whole gap. One that fails, announces another length, breaks off, falls silent or sends a block
 * that is not the published one is passed over, and the next goes on where it ended. Bytes of the
 * whole that do not match the digest are dropped and the file is begun anew from the next source.
 * When the liar had not sent all of the wrong block or file, it is asked once more for all of it,
 * for the lie may be another's.
 *
 * <p>The store keeps for each block where it came from. The generation that fences older writers is
 * that of the grant, which no round without one can outdo; so what was begun while no controller
 * answered is gone on with by the next that does.
 */
final class FillRound {
  private static final Logger log = LoggerFactory.getLogger(FillRound.class);

  private static final long LONGEST_PAUSE = 200_000_000;
  private static final int MOST_REASONS = 16;

  /** How a round ended. */
  sealed interface Outcome {
    /** The file came in whole; the source of its last bytes. */
    record Filled(FillReport.Source from) implements Outcome {}

    /** The store had it already. */
    record Held() implements Outcome {}

    /** The worker was told to stop. */
    record Stopped(Verdict verdict) implements Outcome {}

    /** The store cannot take it yet, which says nothing of the file or its sources. */
    record Postponed(String reason) implements Outcome {}

    /** Nobody who may be asked has more of it yet, and another file could be fetched meanwhile. */
    record Waiting() implements Outcome {}

    /** The store does not want it, and would not at another try. */
    record Declined(String reason) implements Outcome {}

    /** No source could give it, or the store did not take it. */
    record Failed(String reason) implements Outcome {}
  }

  private final FillTools tools;
  private final FillJob job;
  private final Grants.Writer writer;
  private final Offers offers;
  private final List<String> reasons = new ArrayList<>();
  private final Set<OriginReason> logged = EnumSet.noneOf(OriginReason.class);
  private long lastBytes;

  FillRound(FillTools tools, FillJob job) {
    this.tools = tools;
    this.job = job;
    this.writer = tools.queue().writer(job);
    this.offers = new Offers(tools.config().patience(), tools.distrust(), tools.backOff());
    this.lastBytes = tools.nanoClock().getAsLong();
  }

  /** The store's name for a file. */
  static ContentKey key(ContentId file) {
    return new ContentKey(file.high(), file.low());
  }

  Outcome run() throws InterruptedException {
    CatalogEntry file = job.entry().file();
    ContentMeta meta =
        new ContentMeta(
            key(job.file()),
            file.length(),
            file.sha256(),
            file.mediaType(),
            file.modified().getEpochSecond());
    FillRequest request =
        new FillRequest(
            meta,
            blocks(file),
            provenance(job.entry().sources().stream().findFirst().orElse(null)));
    try {
      while (true) {
        Optional<Outcome> outcome = once(request);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    } catch (FencedException e) {
      log.info("{} is left to a newer writer", file.path());
      return new Outcome.Failed(Admission.Reason.FENCED.sentence());
    } catch (IOException e) {
      log.warn("the store failed while {} came in: {}", file.path(), e.toString());
      return new Outcome.Failed("the store failed: " + e.getMessage());
    }
  }

  /**
   * The digests of the file's blocks: those of its list, or for a file of one block the digest of
   * the whole, so that it is checked as it completes and a liar is known at once.
   */
  private @Nullable BlockDigests blocks(CatalogEntry file) {
    if (file.blocks() == null && file.length() > 0 && file.length() <= tools.blockBytes()) {
      return BlockDigests.of(tools.blockBytes(), HexFormat.of().parseHex(file.sha256()));
    }
    return tools.lists().read(file, tools.queue().blockList(job));
  }

  /** Fills in one session; empty when its bytes were bad and another session may do better. */
  private Optional<Outcome> once(FillRequest request) throws IOException, InterruptedException {
    return switch (tools.store().fill(request)) {
      case Admission.Refused(Admission.Reason reason) -> Optional.of(refused(reason));
      case Admission.Admitted admitted -> {
        try (FillSession session = admitted.session()) {
          yield fill(session);
        }
      }
    };
  }

  private static Outcome refused(Admission.Reason reason) {
    return switch (reason) {
      case HELD -> new Outcome.Held();
      case RECOVERING -> new Outcome.Postponed(reason.sentence());
      case NOT_WORTH -> new Outcome.Declined(reason.sentence());
      case BEING_FILLED, NO_SPACE, INDEX_FULL, FENCED, NO_VOLUME ->
          new Outcome.Failed(reason.sentence());
    };
  }

  private Optional<Outcome> fill(FillSession session) throws IOException, InterruptedException {
    Missing missing = Missing.in(session);
    Source last = null;
    boolean part = false;
    for (ByteRange gap = missing.gap(); gap != null; gap = missing.gap()) {
      Verdict verdict = tools.queue().verdict(job, gap.first() % session.blockBytes() == 0);
      if (verdict != Verdict.GO_ON) {
        return Optional.of(new Outcome.Stopped(verdict));
      }
      job.reached(gap.first());
      offers.renew(tools.queue().sources(job));
      switch (offers.next(now(), this::waited, hurry())) {
        case Offer.None _ -> {
          return Optional.of(new Outcome.Failed(why()));
        }
        case Offer.Later(long nanos) -> {
          job.askedInVain(now());
          if (now() - lastBytes >= tools.config().patience().linger().toNanos()
              && tools.queue().isAnotherReady()) {
            return Optional.of(new Outcome.Waiting());
          }
          tools.pause().nanos(Math.min(nanos, LONGEST_PAUSE));
        }
        case Offer.Ask(Source source, int blocks) -> {
          last = source;
          part = gap.length() < missing.length();
          Optional<Outcome> stopped = ask(session, missing, gap, source, blocks);
          if (stopped.isPresent()) {
            return stopped;
          }
        }
      }
    }
    return commit(session, last, part);
  }

  /** Asks one source for the beginning of a gap; an outcome when the worker was told to stop. */
  private Optional<Outcome> ask(
      FillSession session, Missing missing, ByteRange gap, Source source, int blocks)
      throws IOException, InterruptedException {
    session.from(provenance(source));
    long block = session.blockBytes();
    ByteRange wanted = blocks == 0 ? gap : beginning(gap, block, blocks);
    switch (tools.source().fetch(source.uri(), missing, wanted, gate(source, block))) {
      case Fetched.Sent _ -> offers.sent(source);
      case Fetched.Stopped(Verdict stop) -> {
        return Optional.of(new Outcome.Stopped(stop));
      }
      case Fetched.NotHere(String reason) -> lacks(source, reason);
      case Fetched.Busy(String reason, Duration after) -> {
        if (source.tier() == Tier.ORIGIN) {
          job.askedInVain(now());
          offers.busy(source, now(), after);
          if (note(source, reason)) {
            log.warn("{} has no time: {}", Offers.authority(source.uri()), reason);
          }
        } else {
          lacks(source, reason);
        }
      }
      case Fetched.Failed(String reason) -> {
        job.askedInVain(now());
        offers.failed(source, now(), this::waited, hurry());
        passOver(source, reason);
      }
      case Fetched.Wrong(String reason) -> {
        ByteRange reopened = missing.gap();
        wrong(source, reason, reopened != null && reopened.first() < gap.first());
      }
    }
    return Optional.empty();
  }

  private void lacks(Source source, String reason) {
    boolean awaited =
        source.tier() != Tier.ORIGIN && offers.lacked(source, now(), this::waited, hurry());
    job.askedInVain(now());
    if (!awaited) {
      offers.failed(source, now(), _ -> Long.MAX_VALUE, true);
      if (source.tier() == Tier.ORIGIN || !offers.stated()) {
        passOver(source, reason);
      } else {
        note(source, reason);
      }
    }
  }

  /** So many blocks of a gap, counted from the one that its first byte is in. */
  private static ByteRange beginning(ByteRange gap, long block, int blocks) {
    long end = (gap.first() / block + blocks) * block;
    return new ByteRange(gap.first(), Math.min(gap.last(), end - 1));
  }

  /**
   * Publishes the file.
   *
   * @param last the source of the last bytes
   * @param part whether others had sent some before
   */
  private Optional<Outcome> commit(FillSession session, @Nullable Source last, boolean part)
      throws IOException {
    try {
      session.commit();
      return Optional.of(new Outcome.Filled(last == null ? FillReport.Source.NONE : kind(last)));
    } catch (DigestMismatchException e) {
      if (last == null) {
        reasons.add("kept bytes were bad: " + e.getMessage());
        if (session.meta().length() == 0) {
          return Optional.of(new Outcome.Failed(why()));
        }
      } else {
        wrong(last, String.valueOf(e.getMessage()), part);
      }
      return Optional.empty();
    }
  }

  /** Passes over one that sent wrong bytes; when that is certain, it is asked for nothing else. */
  private void wrong(Source source, String reason, boolean partOfOthers) {
    passOver(source, reason);
    if (offers.lied(source, partOfOthers) && !isOrigin(source)) {
      String authority = Offers.authority(source.uri());
      job.lied(authority);
      tools.distrust().note(authority, now());
      log.warn(
          "{} sent wrong bytes and is asked for nothing for {}",
          authority,
          tools.config().patience().distrust());
    }
  }

  private long waited(long afterMillis) {
    return job.waited(now(), afterMillis);
  }

  private long now() {
    return tools.nanoClock().getAsLong();
  }

  private boolean hurry() {
    return tools.queue().isRepair(job);
  }

  private boolean isOrigin(Source source) {
    return source.tier() == Tier.ORIGIN || kind(source) == FillReport.Source.ORIGIN;
  }

  private FillReport.Source kind(Source source) {
    return source.tier() == Tier.ORIGIN
        ? FillReport.Source.ORIGIN
        : tools.origins().kind(source.uri());
  }

  /** Where bytes come from: an origin is an origin, a peer is known by where it listens. */
  private Provenance provenance(@Nullable Source source) {
    String name = "none";
    if (source != null) {
      name = isOrigin(source) ? "origin" : Offers.authority(source.uri());
    }
    return new Provenance(name, writer.job(), writer.generation(), job.manifestVersion());
  }

  private void passOver(Source source, String reason) {
    if (tools.queue().verdict(job, false) != Verdict.GO_ON) {
      return; // The process or the window closes: not the source's fault.
    }
    tools.tally().sourceFailures.increment();
    if (note(source, reason)) {
      log.warn("passed over {}: {}", source.uri(), reason);
    }
  }

  /** Keeps what is told when no source could give the file; whether it was not known yet. */
  private boolean note(Source source, String reason) {
    String named = source.uri() + ": " + reason;
    return !reasons.contains(named) && reasons.size() < MOST_REASONS && reasons.add(named);
  }

  private String why() {
    return reasons.isEmpty() ? "the manifest names no source" : String.join("; ", reasons);
  }

  private FillSource.Gate gate(Source source, long block) {
    boolean outside = source.tier() != Tier.PEER;
    OriginReason reason = isOrigin(source) ? offers.why(source, hurry()) : null;
    if (reason != null && logged.add(reason)) {
      log.info(
          "{} comes from the origin {}: {}",
          job.entry().file().path(),
          Offers.authority(source.uri()),
          reason.sentence());
    }
    int buffer = (int) tools.config().buffer().bytes();
    return new FillSource.Gate() {
      @Override
      public Verdict verdict(long at) {
        return tools.queue().verdict(job, at % block == 0);
      }

      @Override
      public void arrived(int bytes) throws InterruptedException {
        lastBytes = now();
        job.reached(job.present() + bytes);
        if (reason == null) {
          job.progressed(lastBytes, source.afterMillis());
          job.fetched(bytes);
          tools.tally().fetched(bytes);
        } else {
          job.fetched(bytes, reason);
          tools.tally().fetched(bytes, reason);
        }
        long wait = tools.rate().spend(bytes);
        tools.pause().nanos(outside ? Math.max(wait, tools.outside().spend(bytes)) : wait);
      }

      @Override
      public int chunk() {
        int most = tools.rate().chunk(buffer);
        return outside ? tools.outside().chunk(most) : most;
      }
    };
  }
}
