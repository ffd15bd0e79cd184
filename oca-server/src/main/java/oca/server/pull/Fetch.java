package oca.server.pull;

import java.time.Duration;
import java.util.List;
import oca.model.ByteRange;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.CachingPolicy;
import oca.server.caching.ContentRange;
import oca.server.caching.Decision;
import oca.server.caching.FieldSection;
import oca.server.caching.Forward;
import oca.server.caching.Partials;
import oca.server.caching.Refusal;
import oca.server.caching.Storability;
import oca.server.caching.StoredResponse;
import oca.server.caching.Storing;
import oca.server.caching.Validation;
import oca.server.purge.Tags;
import oca.server.upstream.Question;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/**
 * One question upstream whose answer may be kept, and its answer to whoever it is asked for. On the
 * target's event loop only.
 */
final class Fetch implements Flight.Landing {
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  private final Resource resource;
  private final Service service;
  private final Forward why;
  private final FieldSection conditions;
  private final List<Held> asked;
  private final Flight flight;
  private final long stamp;
  private final Question question;
  private final @Nullable ByteRange slice;
  private @Nullable Waiting asking;
  private final Waiting asker;
  private @Nullable Held kept;

  /**
   * @param conditions of this cache's own; may be empty
   * @param asked what is kept, whose validators those are
   * @param mayBePart whether a request for a range may bring slices alone
   */
  Fetch(
      Resource resource,
      Waiting asking,
      Forward why,
      FieldSection conditions,
      List<Held> asked,
      boolean mayBePart) {
    this.resource = resource;
    this.service = resource.service();
    this.asking = asking;
    this.asker = asking;
    this.why = why;
    this.conditions = conditions;
    this.asked = asked;
    this.stamp = service.purges().now();
    this.slice = mayBePart && conditions.lines().isEmpty() ? resource.slice(asking) : null;
    Question whole = resource.question(asking, conditions);
    ByteRange part = slice;
    this.question =
        part == null
            ? whole
            : Question.get(
                whole.target(),
                whole.fields().with("Range", "bytes=" + part.first() + '-' + part.last()),
                whole.affinity());
    this.flight =
        new Flight(resource.loop(), service.upstreams(), question, service.config().limits(), this);
  }

  /** It was answered already, and what comes is for those after it. */
  void answersNobody() {
    asking = null;
  }

  void start() {
    flight.start();
  }

  @Override
  public void interim(int status, FieldSection fields) {
    Waiting one = asking;
    if (one != null) {
      one.tell(status, fields);
    }
    resource.interim(this, status, fields);
  }

  @Override
  public Flight.@Nullable Target head(UpstreamHead head) {
    if (isAbsent(head.status()) && asker.holdUntil() > 0) {
      // A 404 of a live segment is never kept: it may come any moment.
      if (asking != null && service.now() < asker.holdUntil()) {
        resource.triesAgain(this, asker);
      } else {
        absent();
      }
      return null;
    }
    CacheStatusEntry status = service.forwarded(why).withStatus(head.status());
    if (conditions.lines().isEmpty()) {
      if (head.status() == 304) {
        // It answers a condition that nobody made, and tells whoever asked nothing.
        lost(UpstreamFailure.BAD_STATUS, Duration.ZERO, false);
        return null;
      }
      return store(head, status);
    }
    return switch (Validation.judge(
        asker.cached(),
        Answers.responses(asked),
        head.status(),
        head.fields(),
        head.requestedMillis(),
        head.receivedMillis(),
        service.policy())) {
      case Validation.Outcome.Freshened freshened -> {
        freshened(freshened, status);
        yield null;
      }
      case Validation.Outcome.AskAgain() -> {
        askAgain();
        yield null;
      }
      case Validation.Outcome.Failed() -> {
        if (stale(head.status())) {
          yield null;
        }
        yield store(head, status);
      }
      case Validation.Outcome.Replaced() -> store(head, status);
    };
  }

  private Tags tags(UpstreamHead head) {
    return Tags.of(
        head.fields().values("Surrogate-Key"),
        head.fields().values("Cache-Tag"),
        service.purgeLimits());
  }

  private static boolean isAbsent(int status) {
    return status == 404 || status == 425;
  }

  /** All that waited for a live segment are told that it did not come. */
  private void absent() {
    PulledAnswer none = service.answers().notYet(0);
    Waiting one = asking;
    if (one != null) {
      service.tally().answered(PullTally.Way.FAILED);
      one.tell(none);
    }
    resource.lost(this, none);
  }

  private void freshened(Validation.Outcome.Freshened to, CacheStatusEntry status) {
    Held answer = null;
    for (Held one : asked) {
      if (isAbout(one, to.answer())) {
        answer = one.with(to.answer()).stamped(stamp);
        if (to.dropped() == null) {
          resource.replace(one, answer);
        } else {
          service.tally().refused(to.dropped());
        }
      }
      for (StoredResponse other : to.others()) {
        if (isAbout(one, other)) {
          resource.replace(one, one.with(other).stamped(stamp));
        }
      }
    }
    if (answer == null) {
      askAgain();
      return;
    }
    long now = service.now();
    CacheStatusEntry done =
        to.dropped() == null ? status.withStored(to.answer().ttlMillis(now)) : status;
    Waiting one = asking;
    PulledAnswer given =
        one == null
            ? null
            : service.answers().ofHeld(answer, one.request(), one.cached(), done, now);
    if (one != null && given == null) {
      askAgain();
      return;
    }
    if (one != null && given != null) {
      service.tally().answered(PullTally.Way.REVALIDATED);
      one.tell(given);
    }
    resource.decided(this, to.dropped() == null ? answer : null, done);
  }

  /** Whether a freshened response is of those bytes: it has the validators they came with. */
  private static boolean isAbout(Held one, StoredResponse fresh) {
    StoredResponse before = one.response();
    return before.variant().equals(fresh.variant())
        || java.util.Objects.equals(
            before.validators().entityTag(), fresh.validators().entityTag());
  }

  /** What is kept is not what upstream spoke of: it is asked for anew, without conditions. */
  private void askAgain() {
    Waiting one = asking;
    Fetch anew = new Fetch(resource, asker, why, FieldSection.EMPTY, List.of(), false);
    if (one == null) {
      anew.answersNobody();
    }
    resource.goesOnWith(this, anew);
    anew.start();
  }

  /** Whether what is kept stands in for an upstream that fails. */
  private boolean stale(int status) {
    for (Held one : asked) {
      Decision.StaleIfError stands =
          service.reuse().onFailure(asker.cached(), one.response(), status, service.now());
      if (stands != null && one.response().matches(asker.request().fields())) {
        standIn(one, stands, status);
        return true;
      }
    }
    return false;
  }

  private void standIn(Held one, Decision decision, int status) {
    CacheStatusEntry entry = service.answers().of(decision);
    CacheStatusEntry said = status == 0 ? entry : entry.withStatus(status);
    Waiting to = asking;
    if (to != null) {
      PulledAnswer answer =
          service.answers().ofHeld(one, to.request(), to.cached(), said, service.now());
      service.tally().answered(PullTally.Way.STALE);
      to.tell(
          answer == null
              ? service.answers().failed(UpstreamFailure.CLOSED, Duration.ZERO, said)
              : answer);
    }
    resource.decided(this, one, said);
  }

  private Flight.@Nullable Target store(UpstreamHead head, CacheStatusEntry status) {
    CachingPolicy policy = service.policy();
    return switch (Storability.judge(
        asker.cached(),
        head.status(),
        head.fields(),
        head.requestedMillis(),
        head.receivedMillis(),
        policy)) {
      // A part that nobody asked for goes to whoever's request brought it, and no further.
      case Storing.Kept _ when head.status() == PARTIAL && slice == null -> pass(head, status);
      case Storing.Kept(StoredResponse response) -> keep(head, response, status);
      case Storing.Refused(var refusal) -> {
        service.tally().refused(refusal);
        if (head.status() == PARTIAL && slice != null) {
          if (refusal == Refusal.PART) {
            askAgain();
          } else {
            passOriginal();
          }
          yield null;
        }
        yield pass(head, status);
      }
    };
  }

  private Flight.@Nullable Target keep(
      UpstreamHead head, StoredResponse response, CacheStatusEntry status) {
    if (head.status() == PARTIAL) {
      return keepPart(head, response, status);
    }
    if (head.length() == 0) {
      kept(new Held(response, null, null, null, stamp, tags(head)), head, status);
      return null;
    }
    PulledObject object = resource.room(head.length());
    if (object == null) {
      return pass(head, status);
    }
    Arrivals arrivals = new Arrivals(object);
    arrivals.comingWhole();
    kept(new Held(response, object, arrivals, null, stamp, tags(head)), head, status);
    return Flight.Target.whole(object, arrivals);
  }

  /** A slice, of which more are fetched when they are wanted. */
  private Flight.@Nullable Target keepPart(
      UpstreamHead head, StoredResponse part, CacheStatusEntry status) {
    ContentRange place = ContentRange.of(head.fields());
    ByteRange wanted = slice;
    if (place == null
        || wanted == null
        || place.range().first() != wanted.first()
        || place.range().last() != Math.min(wanted.last(), place.length() - 1)) {
      lost(UpstreamFailure.BAD_RANGE, Duration.ZERO, false);
      return null;
    }
    PulledObject object = resource.room(place.length());
    if (object == null) {
      passOriginal();
      return null;
    }
    StoredResponse whole =
        StoredResponse.of(
            OK,
            Partials.ofWhole(part.fields()),
            part.variant(),
            part.requestedMillis(),
            part.receivedMillis(),
            service.policy());
    Arrivals arrivals = new Arrivals(object);
    Slices slices = new Slices(resource, object, arrivals, whole, question);
    int first = (int) (place.range().first() / object.sliceBytes());
    int last = (int) (place.range().last() / object.sliceBytes());
    slices.isBringing(first, last);
    arrivals.coming(first, last);
    kept(new Held(whole, object, arrivals, slices, stamp, tags(head)), head, status);
    return new Flight.Target(object, arrivals, place.range().first(), place.range().last());
  }

  private void kept(Held one, UpstreamHead head, CacheStatusEntry status) {
    kept = one;
    resource.keep(one);
    CacheStatusEntry stored = status.withStored(one.response().ttlMillis(service.now()));
    Waiting to = asking;
    if (to != null) {
      PulledAnswer answer =
          service.answers().ofComing(one, head, to.request(), to.cached(), stored);
      service.tally().answered(PullTally.Way.FETCHED);
      to.tell(
          answer == null
              ? service.answers().failed(UpstreamFailure.CONTENT, Duration.ZERO, status)
              : answer);
    }
    resource.decided(this, one, status);
  }

  /** The request goes on as the client sent it, with its own range. */
  private void passOriginal() {
    resource.isForOne();
    Waiting to = asking;
    if (to != null) {
      resource.pass(to, why);
    }
    resource.decided(this, null, service.forwarded(why));
  }

  /** For the one that asked, and for nobody else. */
  private Flight.@Nullable Target pass(UpstreamHead head, CacheStatusEntry status) {
    resource.isForOne();
    Waiting to = asking;
    Flight.Target target = null;
    if (to != null) {
      Passing passing = Passing.of(resource, flight, head, status);
      service.tally().answered(PullTally.Way.PASSED);
      to.tell(passing.answer());
      target = passing.target();
    }
    resource.decided(this, null, status);
    return target;
  }

  @Override
  public void landed() {
    Held one = kept;
    if (one != null && one.slices() != null) {
      one.slices().brought();
    } else if (one != null) {
      resource.completed(one);
    }
  }

  @Override
  public void lost(UpstreamFailure failure, Duration retryAfter, boolean hadHead) {
    service.tally().failed(failure);
    if (hadHead) {
      Held one = kept;
      if (one != null && one.slices() != null) {
        one.slices().lost(failure.label());
      } else if (one != null && one.object() != null) {
        resource.remove(one.object());
      }
      return;
    }
    if (stale(0)) {
      return;
    }
    PulledAnswer answer = service.answers().failed(failure, retryAfter, service.forwarded(why));
    Waiting to = asking;
    if (to != null) {
      service.tally().answered(PullTally.Way.FAILED);
      to.tell(answer);
    }
    resource.lost(this, answer);
  }
}
