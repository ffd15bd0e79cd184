package oca.server.pull;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import oca.model.ByteRange;
import oca.server.caching.CacheKey;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.Decision;
import oca.server.caching.FieldSection;
import oca.server.caching.Forward;
import oca.server.caching.Invalidation;
import oca.server.caching.StoredResponse;
import oca.server.caching.UpstreamRequest;
import oca.server.purge.Tags;
import oca.server.purge.Verdict;
import oca.server.range.Outcome;
import oca.server.upstream.Question;
import oca.server.upstream.UpstreamHead;
import oca.store.pull.PullAdmission;
import oca.store.pull.PullRefusal;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One target: what is kept for it, and who wants it. What is kept is read on any thread, and
 * changed on the target's own event loop only, where all else happens too.
 *
 * <p>Of those that miss together one asks upstream, and the others wait for the head of its answer.
 * If that is kept they are answered from it, while its body comes in; if it is not, each asks for
 * itself, and for a while nobody waits for anybody, since that answer would most likely be for one
 * client alone.
 */
final class Resource {
  private static final Logger log = LoggerFactory.getLogger(Resource.class);
  private static final Set<String> WITH_CONTENT = Set.of("POST", "PUT", "PATCH");

  private final Service service;
  private final CacheKey key;
  private final String target;
  private final EventLoop loop;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Deque<Waiting> early = new ArrayDeque<>();
  private boolean isComingBack;
  private volatile List<Held> held = List.of();
  private @Nullable Fetch leader;
  private long collapsesAgainAt;

  Resource(Service service, CacheKey key, EventLoop loop) {
    this.service = service;
    this.key = key;
    this.target = targetOf(key);
    this.loop = loop;
  }

  Service service() {
    return service;
  }

  EventLoop loop() {
    return loop;
  }

  /** The answer from what is kept; null when upstream is to be asked. On any thread. */
  @Nullable PulledAnswer now(Waiting asking) {
    return now(asking, null);
  }

  /**
   * The same.
   *
   * @param remembered told when the request is plain and the same answer will do for others; null
   *     for any other request
   */
  @Nullable PulledAnswer now(Waiting asking, @Nullable Remembered remembered) {
    long now = service.now();
    long purges = service.purges().now();
    List<Held> usable = usable();
    Decision decision = asking.reuse().decide(asking.cached(), Answers.responses(usable), now);
    return switch (decision) {
      case Decision.Fresh(StoredResponse stored, long _, long _) -> {
        PulledAnswer fresh = from(stored, usable, decision, asking, now, PullTally.Way.HIT);
        if (remembered != null && fresh != null) {
          Held one = holding(stored, usable);
          remembered.remember(service, this, usable, one, purges, now, fresh.fields());
        }
        yield fresh;
      }
      case Decision.StaleAccepted(StoredResponse stored, long _, long _) ->
          from(stored, usable, decision, asking, now, PullTally.Way.STALE);
      case Decision.StaleIfError(StoredResponse stored, long _, long _) ->
          from(stored, usable, decision, asking, now, PullTally.Way.STALE);
      case Decision.StaleWhileRevalidate(
              StoredResponse stored,
              long _,
              long _,
              FieldSection conditions) -> {
        PulledAnswer stale = from(stored, usable, decision, asking, now, PullTally.Way.STALE);
        loop.execute(() -> revalidate(asking, stored, conditions));
        yield stale;
      }
      case Decision.OnlyIfCached() -> {
        service.tally().answered(PullTally.Way.FAILED);
        yield service.answers().failed(Outcome.NOT_CACHED, null);
      }
      case Decision.MustValidate _, Decision.Miss _, Decision.Bypass _ -> null;
    };
  }

  private List<Held> usable() {
    List<Held> all = held;
    for (Held one : all) {
      if (!one.isUsable() || service.judge(target, one) != Verdict.VALID) {
        return all.stream().map(this::unlessPurged).filter(Objects::nonNull).toList();
      }
    }
    return all;
  }

  private @Nullable Held unlessPurged(Held one) {
    if (!one.isUsable()) {
      return null;
    }
    return switch (service.judge(target, one)) {
      case VALID -> one;
      case SOFT -> one.with(one.response().endedAt(service.now()));
      case HARD -> null;
    };
  }

  private @Nullable PulledAnswer from(
      StoredResponse stored,
      List<Held> among,
      Decision decision,
      Waiting asking,
      long now,
      PullTally.Way way) {
    PulledAnswer answer =
        service
            .answers()
            .ofHeld(
                holding(stored, among),
                asking.request(),
                asking.cached(),
                service.answers().of(decision),
                now);
    if (answer != null) {
      service.tally().answered(way);
    }
    return answer;
  }

  @SuppressWarnings("ReferenceEquality") // a decision names one of those it was given
  private static Held holding(StoredResponse stored, List<Held> among) {
    for (Held one : among) {
      if (one.response() == stored) {
        return one;
      }
    }
    throw new IllegalStateException("a decision for what is not kept");
  }

  // All from here on is on the target's event loop.

  /** Answers, now or when upstream has. */
  void ask(Waiting asking) {
    try {
      decide(asking);
    } catch (RuntimeException e) {
      log.warn("{} could not be asked for", key.uri(), e);
      asking.tell(service.answers().failed(Outcome.UPSTREAM_FAULT, null));
    }
  }

  private void decide(Waiting asking) {
    PulledAnswer answer = now(asking);
    if (answer != null) {
      asking.tell(answer);
      return;
    }
    List<Held> usable = usable();
    switch (asking.reuse().decide(asking.cached(), Answers.responses(usable), service.now())) {
      case Decision.Bypass(Forward why) -> pass(asking, why);
      case Decision.Miss(Forward why, FieldSection conditions) ->
          fetch(asking, why, conditions, usable);
      case Decision.MustValidate(StoredResponse stored, Forward why, FieldSection conditions) ->
          fetch(asking, why, conditions, List.of(holding(stored, usable)));
      case Decision.Fresh(StoredResponse stored, long _, long _) -> again(asking, stored);
      case Decision.StaleAccepted(StoredResponse stored, long _, long _) -> again(asking, stored);
      case Decision.StaleIfError(StoredResponse stored, long _, long _) -> again(asking, stored);
      case Decision.StaleWhileRevalidate(StoredResponse stored, long _, long _, FieldSection _) ->
          again(asking, stored);
      case Decision.OnlyIfCached() ->
          asking.tell(service.answers().failed(Outcome.NOT_CACHED, null));
    }
  }

  /** It was kept, but its bytes were dropped between two looks. */
  private void again(Waiting asking, StoredResponse gone) {
    held = held.stream().filter(one -> one.response() != gone).toList();
    decide(asking);
  }

  private void fetch(Waiting asking, Forward why, FieldSection conditions, List<Held> asked) {
    if (asking.cached().method().equals("HEAD")) {
      pass(asking, why);
      return;
    }
    if (leader != null) {
      if (waiting.size() >= service.config().maxWaiting()) {
        asking.tell(service.answers().failed(Outcome.BUSY, service.forwarded(why)));
      } else {
        waiting.add(asking);
      }
      return;
    }
    Fetch fetch = new Fetch(this, asking, why, conditions, asked, true);
    if (service.now() >= collapsesAgainAt) {
      leader = fetch;
    }
    fetch.start();
  }

  /** Holds a request for a live segment until it is due, and then asks for it. */
  void hold(Waiting asking, long dueMillis) {
    PulledAnswer answer = now(asking);
    if (answer != null) {
      asking.tell(answer);
    } else if (leader != null || service.now() >= dueMillis) {
      ask(asking);
    } else if (early.size() >= service.config().maxWaiting()) {
      asking.tell(service.answers().failed(Outcome.BUSY, service.forwarded(Forward.URI_MISS)));
    } else {
      early.add(asking);
      comesBackIn(dueMillis - service.now());
    }
  }

  private void comesBackIn(long millis) {
    if (!isComingBack) {
      isComingBack = true;
      var _ = loop.schedule(this::comesBack, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void comesBack() {
    isComingBack = false;
    List<Waiting> those = new ArrayList<>(early);
    early.clear();
    those.forEach(this::ask);
  }

  /** Upstream does not have the segment yet: all that want it wait on. */
  void triesAgain(Fetch fetch, Waiting asker) {
    early.add(asker);
    if (fetch == leader) {
      leader = null;
      early.addAll(waiting);
      waiting.clear();
    }
    comesBackIn(service.config().liveRetry().toMillis());
  }

  private void revalidate(Waiting asking, StoredResponse stored, FieldSection conditions) {
    List<Held> usable = usable();
    boolean isKeptYet = usable.stream().anyMatch(one -> one.response() == stored);
    if (leader == null && isKeptYet) {
      Fetch fetch =
          new Fetch(
              this, asking, Forward.STALE, conditions, List.of(holding(stored, usable)), false);
      fetch.answersNobody();
      leader = fetch;
      fetch.start();
    }
  }

  /** A fetch goes on as another one, for the same that wait. */
  void goesOnWith(Fetch before, Fetch after) {
    if (leader == before) {
      leader = after;
    }
  }

  void pass(Waiting asking, Forward why) {
    new Passage(this, asking, why).start();
  }

  /** What goes upstream for a request whose answer may be kept. */
  Question question(Waiting asking, FieldSection conditions) {
    FieldSection fields =
        UpstreamRequest.fetch(
            asking.request().fields(),
            conditions,
            service.answers().via(),
            asking.request().version());
    return Question.get(target, withoutHost(fields), affinity());
  }

  /** The slices that a request for a range begins with; null when it is to bring the whole. */
  @Nullable ByteRange slice(Waiting asking) {
    if (!service.config().slices()) {
      return null;
    }
    return Slices.around(asking.request().fields().joined("Range"), service.sliceBytes());
  }

  /** What goes upstream for a request that is passed on. */
  Question passed(Waiting asking) {
    FieldSection client = asking.request().fields();
    String version = asking.request().version();
    FieldSection fields =
        asking.cached().method().equals("HEAD")
            ? UpstreamRequest.head(client, service.answers().via(), version)
            : UpstreamRequest.passedOn(client, service.answers().via(), version);
    boolean hasContent = asking.cached().hasBody();
    return new Question(
        asking.cached().method(),
        target,
        withoutHost(fields)
            .without(
                name -> name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Expect")),
        affinity(),
        asking.cached().isSafe() && !hasContent,
        content(asking, hasContent));
  }

  /** Of methods that are about content it is told when there is none (RFC 9110, section 8.6). */
  private static Question.Content content(Waiting asking, boolean hasContent) {
    return hasContent || WITH_CONTENT.contains(asking.cached().method())
        ? new Question.Content.Length(asking.request().content().remaining())
        : Question.Content.NONE;
  }

  private static FieldSection withoutHost(FieldSection fields) {
    return fields.without(name -> name.equalsIgnoreCase("Host"));
  }

  /** Path and query as they are keyed. */
  String target() {
    return target;
  }

  private static String targetOf(CacheKey key) {
    String uri = key.uri();
    return uri.substring(uri.indexOf('/', uri.indexOf("://") + 3));
  }

  private long affinity() {
    return key.uri().hashCode() * 0x9e3779b97f4a7c15L;
  }

  // What fetches tell.

  /** Those that wait for a fetch get what it is told meanwhile. */
  void interim(Fetch fetch, int status, FieldSection fields) {
    if (fetch == leader) {
      waiting.forEach(one -> one.tell(status, fields));
    }
  }

  /** A fetch has its head, or will have none, and those that waited for it go on. */
  void decided(Fetch fetch, @Nullable Held kept, CacheStatusEntry status) {
    if (fetch != leader) {
      return;
    }
    leader = null;
    List<Waiting> those = new ArrayList<>(waiting);
    waiting.clear();
    for (Waiting one : those) {
      PulledAnswer answer =
          kept != null
                  && !kept.response().control().noCache()
                  && kept.response().matches(one.request().fields())
              ? service
                  .answers()
                  .ofHeld(kept, one.request(), one.cached(), status.withCollapsed(), service.now())
              : null;
      if (answer != null) {
        service.tally().answered(PullTally.Way.COLLAPSED);
        one.tell(answer);
      } else {
        ask(one);
      }
    }
    forgetIfEmpty();
  }

  /** Those that waited fail as the one did that they waited for. */
  void lost(Fetch fetch, PulledAnswer answer) {
    if (fetch != leader) {
      return;
    }
    leader = null;
    List<Waiting> those = new ArrayList<>(waiting);
    waiting.clear();
    for (Waiting one : those) {
      service.tally().answered(PullTally.Way.FAILED);
      one.tell(answer);
    }
    forgetIfEmpty();
  }

  /** Nothing was kept of an answer, so for a while nobody waits for another's. */
  void isForOne() {
    long millis = service.config().passFor().toMillis();
    collapsesAgainAt = service.now() + millis;
    var _ = loop.schedule(this::forgetIfEmpty, millis + 1, TimeUnit.MILLISECONDS);
  }

  /** Keeps a response, in place of those for the same requests. */
  void keep(Held one) {
    List<Held> all = new ArrayList<>();
    for (Held other : held) {
      if (!other.response().variant().equals(one.response().variant())
          && unlessPurged(other) != null) {
        all.add(other);
      } else if (other.object() != one.object()) {
        other.letGo();
      }
    }
    all.add(one);
    collapsesAgainAt = 0;
    while (all.size() > service.config().maxVariants()) {
      all.removeFirst().letGo();
    }
    held = List.copyOf(all);
    PulledObject object = one.object();
    if (object == null) {
      service.keepsBare(this, one);
    } else {
      service.owns(object, this);
      label(one);
      if (object.isDropped()) {
        remove(object); // it was dropped before anybody could be told whose it is
      }
    }
  }

  /** Says something else of what is kept, of which the end may have come meanwhile. */
  void replace(Held before, Held after) {
    held = held.stream().map(one -> one.isOfSameBytes(before) ? after.completed() : one).toList();
    held.stream().filter(after::isOfSameBytes).forEach(this::label);
  }

  /** All bytes have come of what is kept, of which another may have said something else by now. */
  void completed(Held whole) {
    held = held.stream().map(one -> one.isOfSameBytes(whole) ? one.completed() : one).toList();
    if (held.stream().noneMatch(whole::isOfSameBytes)) {
      whole.letGo(); // it was let go of while it came, and was whole for its readers' sake
    }
    held.stream().filter(whole::isOfSameBytes).forEach(this::label);
  }

  /** Has the store remember whose bytes those are, and what they are good for. */
  private void label(Held one) {
    PulledObject object = one.object();
    Label label = object == null ? null : Label.of(key, one);
    if (object == null || label == null) {
      return;
    }
    byte[] bytes = label.bytes();
    // One that does not fit is not used again after a restart.
    object.relabel(bytes.length > PullConfig.MAX_LABEL ? new byte[0] : bytes);
  }

  /** Takes back what was kept before a restart. */
  void reopen(PulledObject object, Label label) {
    StoredResponse response = label.response(service.policy());
    Arrivals arrivals = new Arrivals(object);
    FieldSection asked = label.asked();
    Slices slices =
        asked == null
            ? null
            : new Slices(this, object, arrivals, response, Question.get(target, asked, affinity()));
    Tags tags = label.tags(service.purgeLimits());
    List<Held> all = new ArrayList<>(held);
    all.add(new Held(response, object, arrivals, slices, label.stamp(), tags));
    held = List.copyOf(all);
    service.owns(object, this);
    label(all.getLast());
  }

  /** What is kept of an object that is dropped is not used any more. */
  void remove(PulledObject object) {
    held = held.stream().filter(one -> one.object() != object).toList();
    forgetIfEmpty();
  }

  /** Goes for others without bytes. */
  void remove(Held bare) {
    held = held.stream().filter(one -> !one.equals(bare)).toList();
    forgetIfEmpty();
  }

  /** Upstream has another representation than that of which these are parts. */
  void changed(PulledObject object, String why) {
    log.debug("{} {}", key.uri(), why);
    object.drop();
    remove(object);
  }

  /** Lets go of what was purged. */
  void sweep() {
    for (Held one : held) {
      if (service.judge(target, one) == Verdict.HARD) {
        one.letGo();
        held = held.stream().filter(other -> !other.equals(one)).toList();
      }
    }
    forgetIfEmpty();
  }

  /** Nothing that is kept is used any more. */
  void clear() {
    held.forEach(Held::letGo);
    held = List.of();
    forgetIfEmpty();
  }

  List<Held> held() {
    return held;
  }

  /** Whether that very list is what is held yet. On any thread. */
  @SuppressWarnings("ReferenceEquality") // each change makes another list
  boolean isHeld(List<Held> all) {
    return held == all;
  }

  /** After a request that changes things. */
  void changed(Waiting asking, UpstreamHead head) {
    for (CacheKey other : Invalidation.keys(asking.cached(), key, head.status(), head.fields())) {
      service.invalidate(other);
    }
  }

  private void forgetIfEmpty() {
    if (held.isEmpty()
        && leader == null
        && waiting.isEmpty()
        && early.isEmpty()
        && service.now() >= collapsesAgainAt) {
      service.forget(key, this);
    }
  }

  /**
   * Room for bytes that come in.
   *
   * @param length in bytes, or {@link PulledObject#UNKNOWN}
   * @return null when there is none
   */
  @Nullable PulledObject room(long length) {
    return switch (service.store().create(affinity(), new byte[0], length)) {
      case PullAdmission.Admitted(PulledObject object) -> object;
      case PullAdmission.Refused(PullRefusal why) -> {
        log.debug("{} is not kept: {}", key.uri(), why);
        yield null;
      }
    };
  }
}
