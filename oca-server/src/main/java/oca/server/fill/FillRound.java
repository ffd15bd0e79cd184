package oca.server.fill;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oca.model.ByteRange;
import oca.model.ContentId;
import oca.protocol.CatalogEntry;
import oca.protocol.FillReport.Source;
import oca.server.fill.FillQueue.Verdict;
import oca.server.fill.FillSource.Fetched;
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
 * <p>A source is asked for one gap after the other. One that fails, announces another length,
 * breaks off, falls silent or sends a block that is not the published one is passed over, and the
 * next goes on where it ended. Bytes of the whole that do not match the digest are dropped and the
 * file is begun anew from the next source. When the liar had not sent all of the wrong block or
 * file, it is asked once more for all of it, for the lie may be another's.
 *
 * <p>The store keeps for each block where it came from. The generation that fences older writers is
 * the second in which the round began: a later round takes over from an earlier one. The manifest's
 * version would not do, for a controller that lost its state begins again at 1 and must not be kept
 * from the files it finds begun.
 */
final class FillRound {
  private static final Logger log = LoggerFactory.getLogger(FillRound.class);

  /** How a round ended. */
  sealed interface Outcome {
    /** The file came in whole; the source of its last bytes. */
    record Filled(Source from) implements Outcome {}

    /** The store had it already. */
    record Held() implements Outcome {}

    /** The worker was told to stop. */
    record Stopped(Verdict verdict) implements Outcome {}

    /** The store cannot take it yet, which says nothing of the file or its sources. */
    record Postponed(String reason) implements Outcome {}

    /** The store does not want it, and would not at another try. */
    record Declined(String reason) implements Outcome {}

    /** No source could give it, or the store did not take it. */
    record Failed(String reason) implements Outcome {}
  }

  private final FillTools tools;
  private final FillJob job;
  private final long generation;
  private final Deque<URI> left;
  private final Set<URI> askedAgain = new HashSet<>();
  private final List<String> reasons = new ArrayList<>();

  FillRound(FillTools tools, FillJob job) {
    this.tools = tools;
    this.job = job;
    this.generation = tools.clock().instant().getEpochSecond();
    this.left = new ArrayDeque<>(job.entry().sources());
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
    FillRequest request = new FillRequest(meta, blocks(file), provenance(left.peekFirst()));
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
    URI last = null;
    boolean part = false;
    for (ByteRange gap = missing.gap(); gap != null; gap = missing.gap()) {
      Verdict verdict = tools.queue().verdict(job);
      if (verdict != Verdict.GO_ON) {
        return Optional.of(new Outcome.Stopped(verdict));
      }
      if (left.isEmpty()) {
        return Optional.of(new Outcome.Failed(why()));
      }
      last = left.getFirst();
      part = gap.length() < missing.length();
      session.from(provenance(last));
      switch (tools.source().fetch(last, missing, gap, gate(last))) {
        case Fetched.Sent _ -> log.debug("{} sent {} of {}", last, gap, job.file());
        case Fetched.Stopped(Verdict stop) -> {
          return Optional.of(new Outcome.Stopped(stop));
        }
        case Fetched.Failed(String reason) -> {
          left.removeFirst();
          passOver(last, reason);
        }
        case Fetched.Wrong(String reason) -> {
          left.removeFirst();
          passOver(last, reason);
          ByteRange reopened = missing.gap();
          askAgain(last, reopened != null && reopened.first() < gap.first());
        }
      }
    }
    return commit(session, last, part);
  }

  /**
   * Publishes the file.
   *
   * @param last the source of the last bytes
   * @param part whether others had sent some before
   */
  private Optional<Outcome> commit(FillSession session, @Nullable URI last, boolean part)
      throws IOException {
    try {
      session.commit();
      return Optional.of(
          new Outcome.Filled(last == null ? Source.NONE : tools.origins().kind(last)));
    } catch (DigestMismatchException e) {
      if (last == null) {
        reasons.add("kept bytes were bad: " + e.getMessage());
      } else {
        left.remove(last);
        passOver(last, String.valueOf(e.getMessage()));
        askAgain(last, part);
      }
      return left.isEmpty() ? Optional.of(new Outcome.Failed(why())) : Optional.empty();
    }
  }

  /** Asks once more where another may have lied: others had sent a part of what was wrong. */
  private void askAgain(URI source, boolean partOfOthers) {
    if (partOfOthers && askedAgain.add(source)) {
      left.addFirst(source);
    }
  }

  /** Where bytes come from: an origin is an origin, a peer is known by where it listens. */
  private Provenance provenance(@Nullable URI source) {
    String name = "none";
    if (source != null) {
      String at = String.valueOf(source.getRawAuthority());
      name =
          tools.origins().kind(source) == Source.ORIGIN ? "origin" : at.replaceAll("[^!-~]", "?");
    }
    return new Provenance(name, job.number(), generation, job.manifestVersion());
  }

  private void passOver(URI source, String reason) {
    if (tools.queue().verdict(job) != Verdict.GO_ON) {
      return; // The process or the window closes: not the source's fault.
    }
    tools.tally().sourceFailures.increment();
    reasons.add(source + ": " + reason);
    log.warn("passed over {}: {}", source, reason);
  }

  private String why() {
    return reasons.isEmpty() ? "the manifest names no source" : String.join("; ", reasons);
  }

  private FillSource.Gate gate(URI source) {
    boolean fromOrigin = tools.origins().kind(source) == Source.ORIGIN;
    int buffer = (int) tools.config().buffer().bytes();
    return new FillSource.Gate() {
      @Override
      public Verdict verdict() {
        return tools.queue().verdict(job);
      }

      @Override
      public void arrived(int bytes) throws InterruptedException {
        job.fetched(bytes, fromOrigin);
        tools.tally().fetched(bytes, fromOrigin);
        tools.pause().nanos(tools.rate().spend(bytes));
      }

      @Override
      public int chunk() {
        return tools.rate().chunk(buffer);
      }
    };
  }
}
