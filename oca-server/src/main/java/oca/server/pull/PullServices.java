package oca.server.pull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import oca.config.Current;
import oca.server.caching.CacheKey;
import oca.server.caching.Via;
import oca.server.purge.PurgeConfig;
import oca.server.purge.PurgeOrder;
import oca.server.purge.Purges;
import oca.server.purge.Rule;
import oca.server.upstream.Resolver;
import oca.server.upstream.Upstreams;
import oca.store.pull.PullStatus;
import oca.store.pull.PullStore;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All services that pull, the store they share, and the event loops on which upstreams are asked.
 */
public final class PullServices implements PullSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PullServices.class);

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();
  private final Path folder;
  private final PullStore store;
  private final int sliceBytes;
  private final Purges purges;
  private final PurgeConfig purgeLimits;
  private final List<Service> services;

  private PullServices(PullConfig config, PullStore store, Purges purges, List<Service> services) {
    this.folder = config.folder();
    this.services = services;
    this.store = store;
    this.purgeLimits = config.purge();
    this.purges = purges;
    this.sliceBytes = (int) config.slice().bytes();
    int threads =
        config.eventLoops() == 0
            ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2)
            : config.eventLoops();
    IoHandlerFactory handlers =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("pull", true), handlers);
    for (EventExecutor each : group) {
      loops.add((EventLoop) each);
    }
  }

  /**
   * Opens the store and begins to look names up.
   *
   * @param clock for ages and lifetimes
   * @param cacheName this cache's in Cache-Status
   * @param pseudonym this server's in Via, by which it knows requests that came back; a token
   * @throws IOException when the folder, or TLS towards an upstream, cannot be had
   */
  public static PullServices open(
      PullConfig config, InstantSource clock, String cacheName, String pseudonym)
      throws IOException {
    return open(Current.of(config), clock, cacheName, pseudonym);
  }

  /**
   * The same.
   *
   * @param settings of services that stay, in their order; what a reload changes is asked for with
   *     each request
   */
  public static PullServices open(
      Current<PullConfig> settings, InstantSource clock, String cacheName, String pseudonym)
      throws IOException {
    PullConfig config = settings.get();
    List<Service> services = new CopyOnWriteArrayList<>();
    PullStore store =
        PullStore.open(
            config.store(), (object, _) -> services.forEach(service -> service.dropped(object)));
    Ledger ledger = Ledger.take(config.folder());
    Purges purges = ledger == null ? null : ledger.purges(config.purge());
    PullServices all =
        new PullServices(
            config, store, purges == null ? Purges.empty(config.purge()) : purges, services);
    try {
      for (int i = 0; i < config.services().size(); i++) {
        int at = i;
        Current<ServiceConfig> service = settings.map(it -> it.services().get(at));
        all.add(service, clock, cacheName, new Via(pseudonym));
      }
      all.services.sort(
          Comparator.comparingInt((Service it) -> it.config().prefix().length()).reversed());
      all.reopen(purges == null ? null : ledger);
      return all;
    } catch (IOException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** What the last stop left is used again, as far as it is known what became of it since. */
  private void reopen(@Nullable Ledger ledger) {
    for (Ledger.Version version : ledger == null ? List.<Ledger.Version>of() : ledger.versions()) {
      for (Service service : services) {
        if (service.config().name().equals(version.service())) {
          service.restore(version);
        }
      }
    }
    int back = 0;
    for (PulledObject object : store.objects()) {
      Label label = Label.read(object.label());
      if (ledger != null
          && label != null
          && label.stamp() <= ledger.generation()
          && services.stream().anyMatch(it -> it.reopen(object, label))) {
        back++;
      } else {
        object.drop();
      }
    }
    for (EventLoop loop : loops) {
      loop.submit(() -> {}).syncUninterruptibly();
    }
    if (back > 0) {
      log.info("{} responses that were kept before are used again", back);
    }
  }

  private void add(Current<ServiceConfig> settings, InstantSource clock, String cacheName, Via via)
      throws IOException {
    ChannelFactory<Channel> channels =
        Epoll.isAvailable() ? EpollSocketChannel::new : NioSocketChannel::new;
    Upstreams upstreams =
        Upstreams.open(settings.get().upstreams(), group, channels, Resolver.SYSTEM, clock);
    services.add(
        new Service(
            settings,
            upstreams,
            store,
            sliceBytes,
            clock,
            this::owner,
            purges,
            purgeLimits,
            cacheName,
            via));
  }

  private EventLoop owner(CacheKey key) {
    int hash = key.hashCode();
    return loops.get(Math.floorMod(hash ^ hash >>> 16, loops.size()));
  }

  @Override
  public boolean serves(String path) {
    return of(path) != null && !hasDots(path);
  }

  /** A path that climbs, plainly or in disguise, is nobody's: it might leave its prefix. */
  private static boolean hasDots(String path) {
    if (!path.contains("/.") && !path.startsWith(".") && path.indexOf('%') < 0) {
      return false;
    }
    for (String segment : path.split("/", -1)) {
      String plain = segment.replace("%2e", ".").replace("%2E", ".");
      if (plain.equals(".") || plain.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Service of(String path) {
    for (Service service : services) {
      if (path.startsWith(service.config().prefix())) {
        return service;
      }
    }
    return null;
  }

  @Override
  public @Nullable PulledAnswer ask(PullRequest request, Executor loop, Later later) {
    Service service = of(request.path());
    if (service == null) {
      throw new IllegalArgumentException("no service has " + request.path());
    }
    return service.ask(request, loop, later);
  }

  /** Whether a service of that name is configured here. */
  public boolean hasService(String name) {
    return services.stream().anyMatch(service -> service.config().name().equals(name));
  }

  /**
   * Purges, or counts what would be purged. When it returns, no answer is made of what was purged
   * any more; room is given back behind.
   *
   * @throws IllegalArgumentException when there is no such service, or the target is too long
   */
  public PurgeReport purge(PurgeOrder order) {
    Service service = named(order.service());
    Rule rule = purges.purge(order);
    PurgeReport report = service.count(rule);
    if (!order.dryRun() && !order.soft()) {
      service.sweep();
    }
    return report;
  }

  /**
   * Gives a live event another version: nothing that is kept of it is used any more.
   *
   * @throws IllegalArgumentException when there is no such service or event, or no such version can
   *     be
   */
  public void version(String service, String event, String version) {
    named(service).version(event, version);
  }

  private Service named(String name) {
    for (Service service : services) {
      if (service.config().name().equals(name)) {
        return service;
      }
    }
    throw new IllegalArgumentException(
        "no service is named '"
            + name
            + "'; there are "
            + services.stream().map(it -> it.config().name()).sorted().toList());
  }

  /** How each service stands. */
  public List<ServiceStatus> status() {
    return services.stream().map(Service::status).toList();
  }

  /** How the store stands that they share. */
  public PullStatus storeStatus() {
    return store.status();
  }

  /** Where content is kept. */
  PullStore store() {
    return store;
  }

  /** Ends all fetches, and keeps what is whole for the next start. */
  @Override
  public void close() {
    services.forEach(service -> service.upstreams().close());
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    List<Ledger.Version> versions =
        services.stream().flatMap(service -> service.versions().stream()).toList();
    try {
      // Before the store says that what it holds may be used again.
      new Ledger(purges.now(), purges.rules(), versions).write(folder);
    } catch (IOException e) {
      log.warn("nothing that is kept will be used again: what was purged cannot be written", e);
    }
    store.close();
  }
}
