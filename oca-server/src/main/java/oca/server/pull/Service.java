package oca.server.pull;

import io.netty.channel.EventLoop;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import oca.config.Current;
import oca.server.caching.CacheKey;
import oca.server.caching.CacheRequest;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.CachingPolicy;
import oca.server.caching.Decision;
import oca.server.caching.FieldSection;
import oca.server.caching.Forward;
import oca.server.caching.KeySpace;
import oca.server.caching.Reuse;
import oca.server.caching.Via;
import oca.server.live.Edition;
import oca.server.live.Events;
import oca.server.live.LiveDecision;
import oca.server.purge.PurgeConfig;
import oca.server.purge.Purges;
import oca.server.purge.Rule;
import oca.server.purge.Verdict;
import oca.server.range.Outcome;
import oca.server.range.Reply;
import oca.server.upstream.Upstreams;
import oca.store.pull.PullStore;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/** One service: its upstreams, its rules, and what is kept for it. Safe on any thread. */
final class Service {
  private final Current<ServiceConfig> settings;
  private final KeySpace keys;
  private final Upstreams upstreams;
  private final PullStore store;
  private final int sliceBytes;
  private final InstantSource clock;
  private final Function<CacheKey, EventLoop> loops;
  private final Current<Rules> rules;
  private final Answers answers;
  private final Purges purges;
  private final PurgeConfig purgeLimits;
  private volatile Events events;
  private final PullTally tally = new PullTally();
  private final Map<CacheKey, Resource> resources = new ConcurrentHashMap<>();
  private final Map<Long, Resource> owners = new ConcurrentHashMap<>();
  private final Queue<Bare> bare = new ConcurrentLinkedQueue<>();
  private final AtomicInteger bares = new AtomicInteger();

  /** What the configuration says of keeping and of using what is kept. */
  private record Rules(CachingPolicy policy, Reuse reuse, Reuse manifests) {
    static Rules of(ServiceConfig config) {
      CachingPolicy policy = config.caching().policy();
      return new Rules(
          policy,
          new Reuse(policy),
          new Reuse(policy.revalidating(config.manifestStale().toMillis())));
    }
  }

  /** A response without bytes, and whose it is. */
  private record Bare(Resource resource, Held held) {}

  /**
   * @param settings asked for each request
   * @param loops on which event loop a target is looked after
   */
  Service(
      Current<ServiceConfig> settings,
      Upstreams upstreams,
      PullStore store,
      int sliceBytes,
      InstantSource clock,
      Function<CacheKey, EventLoop> loops,
      Purges purges,
      PurgeConfig purgeLimits,
      String cacheName,
      Via via) {
    this.settings = settings;
    ServiceConfig config = settings.get();
    this.keys = KeySpace.of(config.name(), config.scheme(), config.authority());
    this.upstreams = upstreams;
    this.store = store;
    this.sliceBytes = sliceBytes;
    this.clock = clock;
    this.loops = loops;
    this.purges = purges;
    this.purgeLimits = purgeLimits;
    this.events = Events.of(config.live());
    this.rules = settings.map(Rules::of);
    this.answers = new Answers(cacheName, via);
  }

  ServiceConfig config() {
    return settings.get();
  }

  Upstreams upstreams() {
    return upstreams;
  }

  PullStore store() {
    return store;
  }

  int sliceBytes() {
    return sliceBytes;
  }

  CachingPolicy policy() {
    return rules.get().policy();
  }

  Reuse reuse() {
    return rules.get().reuse();
  }

  Answers answers() {
    return answers;
  }

  PullTally tally() {
    return tally;
  }

  long now() {
    return clock.millis();
  }

  /** As {@link PullSource#ask} has it. */
  @Nullable PulledAnswer ask(PullRequest request, Executor loop, PullSource.Later later) {
    if (answers.via().isIn(request.fields())) {
      return answers.failed(Outcome.LOOP, null);
    }
    LiveDecision live = events.decide('/' + request.path(), now());
    PulledAnswer told = notLive(live);
    if (told != null) {
      tally.answered(PullTally.Way.FAILED);
      return told;
    }
    CacheKey key;
    try {
      key = key(request, live);
    } catch (IllegalArgumentException e) {
      return PulledAnswer.without(new Reply.Failed(Outcome.BAD_REQUEST), FieldSection.EMPTY);
    }
    CacheRequest cached =
        new CacheRequest(request.method(), request.fields(), request.content().hasRemaining());
    Rules inForce = this.rules.get();
    Reuse rules = live instanceof LiveDecision.Manifest ? inForce.manifests() : inForce.reuse();
    Waiting asking = new Waiting(request, cached, loop, later, rules, holdUntil(live));
    Resource known = resources.get(key);
    if (known != null) {
      boolean isNotLive = live instanceof LiveDecision.NotLive;
      PulledAnswer now = known.now(asking, isNotLive ? request.remembered() : null);
      if (now != null) {
        return now;
      }
    } else if (isOnlyIfCached(cached)) {
      return answers.failed(Outcome.NOT_CACHED, null);
    }
    EventLoop owner = loops.apply(key);
    if (live instanceof LiveDecision.Next next) {
      owner.execute(() -> at(key, owner).hold(asking, next.dueMillis()));
    } else {
      owner.execute(() -> at(key, owner).ask(asking));
    }
    return null;
  }

  private boolean isOnlyIfCached(CacheRequest request) {
    return reuse().decide(request, List.of(), now()) instanceof Decision.OnlyIfCached;
  }

  /** What is answered here, whatever upstream might say; null for all else. */
  private @Nullable PulledAnswer notLive(LiveDecision live) {
    return switch (live) {
      case LiveDecision.Gone _ -> answers.failed(Outcome.GONE, null);
      case LiveDecision.NoSuch _ -> answers.failed(Outcome.NOT_HERE, null);
      case LiveDecision.TooEarly early -> answers.notYet(early.notBeforeMillis() - now());
      case LiveDecision.NotLive _,
          LiveDecision.Manifest _,
          LiveDecision.Always _,
          LiveDecision.Available _,
          LiveDecision.Next _ ->
          null;
    };
  }

  private long holdUntil(LiveDecision live) {
    return switch (live) {
      case LiveDecision.Next next -> next.holdUntilMillis();
      case LiveDecision.Available due ->
          due.ifAbsent(now()) instanceof LiveDecision.Next next ? next.holdUntilMillis() : 0;
      case LiveDecision.NotLive _,
          LiveDecision.Manifest _,
          LiveDecision.Always _,
          LiveDecision.TooEarly _,
          LiveDecision.Gone _,
          LiveDecision.NoSuch _ ->
          0;
    };
  }

  /** An event's version stands in the keys of all that is of it. */
  private CacheKey key(PullRequest request, LiveDecision live) {
    Edition edition = edition(live);
    return (edition == null ? keys : space(edition)).key(request.target());
  }

  private KeySpace space(Edition edition) {
    return edition.version().isEmpty() ? keys : keys.in(config().name() + '/' + edition.version());
  }

  private static @Nullable Edition edition(LiveDecision live) {
    return switch (live) {
      case LiveDecision.NotLive _ -> null;
      case LiveDecision.Manifest(Edition edition) -> edition;
      case LiveDecision.Always(Edition edition) -> edition;
      case LiveDecision.Available available -> available.edition();
      case LiveDecision.Next next -> next.edition();
      case LiveDecision.TooEarly early -> early.edition();
      case LiveDecision.Gone gone -> gone.edition();
      case LiveDecision.NoSuch none -> none.edition();
    };
  }

  /**
   * Gives an event another version: nothing that is kept of it is used any more.
   *
   * @throws IllegalArgumentException when there is no such event, or no such version can be
   */
  synchronized void version(String event, String version) {
    Events before = events;
    events = before.withVersion(event, version);
    // What nobody finds any more takes no room, and does not come back with its version.
    for (Map.Entry<CacheKey, Resource> each : resources.entrySet()) {
      Edition edition = edition(before.decide(each.getValue().target(), now()));
      if (edition != null
          && edition.event().equals(event)
          && each.getKey().space().equals(space(edition).space())) {
        run(each.getValue(), each.getValue()::clear);
      }
    }
  }

  /** Events whose version is not as it was configured. */
  List<Ledger.Version> versions() {
    List<Ledger.Version> all = new ArrayList<>();
    List<Edition> configured = Events.of(config().live()).editions();
    List<Edition> now = events.editions();
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).equals(configured.get(i))) {
        all.add(
            new Ledger.Version(
                config().name(),
                now.get(i).event(),
                configured.get(i).version(),
                now.get(i).version()));
      }
    }
    return all;
  }

  /** Takes a version back that was ordered before a restart, unless the event is another now. */
  synchronized void restore(Ledger.Version ordered) {
    if (events.editions().contains(new Edition(ordered.event(), ordered.configured()))) {
      events = events.withVersion(ordered.event(), ordered.version());
    }
  }

  /**
   * Takes back an object from before a restart.
   *
   * @return false when it is of no use any more
   */
  boolean reopen(PulledObject object, Label label) {
    CacheKey key = label.key();
    boolean isOurs =
        key.uri().startsWith(keys.origin() + '/')
            && (object.isWhole() || label.asked() != null)
            && (key.space().equals(config().name())
                || events.editions().stream()
                    .anyMatch(it -> key.space().equals(space(it).space())));
    if (isOurs) {
      EventLoop owner = loops.apply(key);
      owner.execute(() -> at(key, owner).reopen(object, label));
    }
    return isOurs;
  }

  /** What purges say of a response that is kept. */
  Verdict judge(String target, Held held) {
    return purges.judge(held.stamp(), config().name(), target, held.tags());
  }

  Purges purges() {
    return purges;
  }

  PurgeConfig purgeLimits() {
    return purgeLimits;
  }

  /** How many kept responses a purge is about, at this moment. */
  PurgeReport count(Rule rule) {
    long responses = 0;
    long bytes = 0;
    for (Resource resource : resources.values()) {
      for (Held one : resource.held()) {
        if (rule.matches(config().name(), resource.target(), one.tags())) {
          responses++;
          bytes += one.object() == null ? 0 : Math.max(0, one.object().length());
        }
      }
    }
    return new PurgeReport(rule.generation(), responses, bytes);
  }

  /** Gives back the room of what was purged. */
  void sweep() {
    for (Resource resource : resources.values()) {
      run(resource, resource::sweep);
    }
  }

  private Resource at(CacheKey key, EventLoop owner) {
    return resources.computeIfAbsent(key, it -> new Resource(this, it, owner));
  }

  /** What is kept for a key is not used any more. */
  void invalidate(CacheKey key) {
    Resource known = resources.get(key);
    if (known != null) {
      if (known.loop().inEventLoop()) {
        // Before the answer that undid it, so that nobody who has that one gets the older.
        known.clear();
      } else {
        run(known, known::clear);
      }
    }
  }

  /** Nothing is kept for a key any more, and nobody waits. */
  void forget(CacheKey key, Resource resource) {
    resources.remove(key, resource);
  }

  ServiceStatus status() {
    return new ServiceStatus(
        config().name(),
        resources.size(),
        tally.answers(),
        tally.notKept(),
        tally.failures(),
        upstreams.status());
  }

  /** Remembers whose bytes an object is. */
  void owns(PulledObject object, Resource resource) {
    owners.put(object.id(), resource);
  }

  /** An object is no more, whoever dropped it. */
  void dropped(PulledObject object) {
    Resource resource = owners.remove(object.id());
    if (resource != null) {
      run(resource, () -> resource.remove(object));
    }
  }

  /**
   * Keeps those without bytes within bounds: no store does. The one that was kept first goes first.
   */
  void keepsBare(Resource resource, Held held) {
    bare.add(new Bare(resource, held));
    if (bares.incrementAndGet() > config().maxBare()) {
      Bare first = bare.poll();
      if (first != null) {
        bares.decrementAndGet();
        run(first.resource, () -> first.resource.remove(first.held));
      }
    }
  }

  private static void run(Resource resource, Runnable change) {
    try {
      resource.loop().execute(change);
    } catch (RejectedExecutionException e) {
      // All is closed.
    }
  }

  /** The member of Cache-Status of a request that goes on. */
  CacheStatusEntry forwarded(Forward why) {
    return answers.forwarded(why);
  }
}
