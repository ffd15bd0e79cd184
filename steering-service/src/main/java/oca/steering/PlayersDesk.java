package oca.steering;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import oca.config.Current;
import oca.protocol.http.ControlListener;
import oca.steering.catalog.Titles;
import oca.steering.fleet.FleetSnapshot;
import oca.steering.play.ClientFinder;
import oca.steering.play.PlaybackEndpoint;
import oca.steering.play.PlaybackKeys;
import oca.steering.qoe.QoeEndpoint;
import oca.steering.qoe.Quality;
import oca.steering.rank.Decider;
import oca.steering.rank.Shares;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires what players get and what they tell: the keys, the answers, the reports, the shares. */
final class PlayersDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PlayersDesk.class);
  private static final int SECRET_BYTES = 32;
  private static final long SHARES_MILLIS = 1000;
  private static final long JUDGE_MILLIS = 250;

  private final SteeringConfig config;
  private final LongSupplier nanoClock;
  private final PlaybackKeys keys;
  private final Quality quality;
  private final Decider decider;
  private final PassedOver passedOver = new PassedOver();
  private final PlaybackEndpoint playback;
  private final QoeEndpoint reports;
  private final ScheduledExecutorService clerk =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("players-desk").factory());

  private volatile Shares shares = Shares.ALL;

  /**
   * A desk that answers from those snapshots.
   *
   * @param settings those that a reload changes are asked for when they are needed
   * @param decider made of what players tell
   * @param noting has answers noted
   * @param wallClock for expiry
   * @param nanoClock of the leases
   * @param seed of what must not be guessed
   */
  PlayersDesk(
      Current<SteeringConfig> settings,
      PlaybackKeys keys,
      Supplier<FleetSnapshot> fleet,
      Supplier<Titles> titles,
      Function<Supplier<Shares>, Decider> decider,
      UnaryOperator<Decider> noting,
      InstantSource wallClock,
      LongSupplier nanoClock,
      long seed) {
    SteeringConfig config = settings.get();
    this.config = config;
    this.nanoClock = nanoClock;
    this.keys = keys;
    this.quality = new Quality(settings.map(SteeringConfig::qoe), seed, nanoClock.getAsLong());
    this.decider = decider.apply(this::shares);
    ClientFinder clients = new ClientFinder(config.playback(), config.trustClientParameter());
    this.playback =
        new PlaybackEndpoint(
            new PlaybackEndpoint.Sources(
                fleet, titles, keys, wallClock, nanoClock, new Draws(~seed)),
            noting.apply(
                (client, ask, among) -> passedOver.offer(this.decider.decide(client, ask, among))),
            settings.map(
                it ->
                    new PlaybackEndpoint.Settings(
                        it.publicUri(), it.origin(), it.originPathway(), it.ttl(), it.playback())),
            clients);
    this.reports = new QoeEndpoint(config.qoe(), quality, fleet, clients::findAnyhow, nanoClock);
  }

  /**
   * The keys, read before anything is started.
   *
   * @throws IOException when the key file cannot be used; the message names every problem
   */
  static PlaybackKeys keys(SteeringConfig config) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return PlaybackKeys.open(config.playback().keyFile(), secret);
  }

  void addTo(ControlListener listener) {
    playback.addTo(listener);
    reports.addTo(listener);
  }

  void start() {
    long every = config.playback().keyInterval().toMillis();
    var _ = clerk.scheduleWithFixedDelay(guarded(keys::look), every, every, TimeUnit.MILLISECONDS);
    var _ =
        clerk.scheduleWithFixedDelay(
            guarded(this::weigh), SHARES_MILLIS, SHARES_MILLIS, TimeUnit.MILLISECONDS);
    var _ =
        clerk.scheduleWithFixedDelay(
            guarded(passedOver::judge), JUDGE_MILLIS, JUDGE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Decides as it does for players. */
  Decider decider() {
    return decider;
  }

  /** Why the answers do not name whom they do not name. */
  PassedOver passedOver() {
    return passedOver;
  }

  /** How well the appliances do by their players, as of the last second. */
  Shares shares() {
    return shares;
  }

  /** Brings the shares up to date. */
  void weigh() {
    shares = quality.shares(nanoClock.getAsLong());
  }

  /** What was answered since the start, by name. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>(playback.counts());
    reports.counts().forEach((name, count) -> counts.put("reports " + name, count));
    return counts;
  }

  @Override
  public void close() {
    clerk.shutdownNow();
  }

  private static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException e) {
        // The schedule would end with it.
        log.error("a round of the players' desk failed", e);
      }
    };
  }
}
