package oca.server.pull;

import java.time.Duration;
import java.util.List;
import oca.server.caching.CacheRequest;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.Decision;
import oca.server.caching.FieldSection;
import oca.server.caching.Forward;
import oca.server.caching.ServedFields;
import oca.server.caching.StoredAnswer;
import oca.server.caching.StoredResponse;
import oca.server.caching.Via;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import org.jspecify.annotations.Nullable;

/**
 * Answers as clients get them: with what this cache did in Cache-Status (RFC 9211).
 *
 * @param cacheName this cache's in Cache-Status
 * @param via this hop
 */
record Answers(String cacheName, Via via) {
  private static final String VERSION = "1.1";

  /** From what is kept; null when its bytes are gone meanwhile. */
  @Nullable PulledAnswer ofHeld(
      Held held, PullRequest request, CacheRequest cached, CacheStatusEntry status, long now) {
    StoredResponse stored = held.response();
    Reply reply = StoredAnswer.plan(cached, stored, request.maxRanges());
    FieldSection fields = ServedFields.ofStored(stored, now, via, VERSION, status);
    return of(held, reply, fields, cached);
  }

  /** Of an answer that is just coming in and is kept: as upstream sent it. */
  @Nullable PulledAnswer ofComing(
      Held held,
      UpstreamHead head,
      PullRequest request,
      CacheRequest cached,
      CacheStatusEntry status) {
    Reply reply = StoredAnswer.plan(cached, held.response(), request.maxRanges());
    FieldSection fields = ServedFields.ofUpstream(head.fields(), via, head.version(), status);
    return of(held, reply, fields, cached);
  }

  private static @Nullable PulledAnswer of(
      Held held, Reply reply, FieldSection fields, CacheRequest cached) {
    boolean hasBytes =
        reply instanceof Reply.Whole || reply instanceof Reply.Part || reply instanceof Reply.Parts;
    PulledBody body = hasBytes && !isHead(cached) ? held.open() : null;
    if (hasBytes && body == null && held.object() != null && !isHead(cached)) {
      return null;
    }
    FieldSection sent =
        reply instanceof Reply.NotModified
            ? ServedFields.ofNotModified(fields)
            : reply.outcome().isError()
                ? ServedFields.ofProblem(fields)
                : reply instanceof Reply.Whole
                    ? ServedFields.unframed(fields)
                    : ServedFields.ofPart(fields);
    long length = body == null ? held.length() : body.length();
    return new PulledAnswer(held.response().status(), reply, sent, length, body);
  }

  private static boolean isHead(CacheRequest request) {
    return request.method().equals("HEAD");
  }

  /** Of an answer of which nothing is kept. */
  PulledAnswer ofPassing(
      UpstreamHead head, long length, @Nullable PulledBody body, CacheStatusEntry status) {
    // Its Content-Range stays: what is passed may be a part, or say that there is none.
    FieldSection fields =
        ServedFields.ofUpstream(head.fields(), via, head.version(), status)
            .without(name -> name.equalsIgnoreCase("Content-Length"));
    return new PulledAnswer(head.status(), new Reply.Whole(), fields, length, body);
  }

  /** There is none. */
  PulledAnswer failed(Outcome why, @Nullable CacheStatusEntry status) {
    FieldSection fields = status == null ? FieldSection.EMPTY : status.appendTo(FieldSection.EMPTY);
    return PulledAnswer.without(new Reply.Failed(why), fields);
  }

  /** There is none yet, and caches behind us may say so for that long. */
  PulledAnswer notYet(long millis) {
    long seconds = millis / 1000;
    String life = seconds > 0 ? "max-age=" + seconds : "no-store";
    return PulledAnswer.without(
        new Reply.Failed(Outcome.NOT_HERE), FieldSection.of("Cache-Control", life));
  }

  /** The upstream gave none. */
  PulledAnswer failed(UpstreamFailure failure, Duration retryAfter, CacheStatusEntry status) {
    Outcome outcome =
        switch (failure.status()) {
          case 503 -> Outcome.UPSTREAM_AWAY;
          case 504 -> Outcome.UPSTREAM_LATE;
          default -> Outcome.UPSTREAM_FAULT;
        };
    FieldSection fields = status.withDetail(failure.label()).appendTo(FieldSection.EMPTY);
    long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    return PulledAnswer.without(
        new Reply.Failed(outcome), fields.plus("Retry-After", Long.toString(seconds)));
  }

  CacheStatusEntry forwarded(Forward why) {
    return CacheStatusEntry.forwarded(cacheName, why);
  }

  /** Of a decision to answer from what is kept. */
  CacheStatusEntry of(Decision decision) {
    CacheStatusEntry entry = CacheStatusEntry.of(cacheName, decision);
    if (entry == null) {
      throw new IllegalStateException("nothing kept is used: " + decision);
    }
    return entry;
  }

  /** All that is kept, as decisions want it. */
  static List<StoredResponse> responses(List<Held> held) {
    return held.size() == 1
        ? List.of(held.getFirst().response())
        : held.stream().map(Held::response).toList();
  }
}
