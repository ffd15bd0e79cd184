package oca.server.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that new connections are served with, and how it is replaced while they are.
 *
 * <p>A connection keeps what it began with. A thread of its own reads the files, as that waits for
 * a disk; what is unfit, or half of a replacement, is reported once and leaves the certificate that
 * is there in its place. All methods are safe on any thread.
 */
final class Certificates implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Certificates.class);

  private final TlsConfig config;
  private final TlsSettings settings;
  private final InstantSource clock;
  private final TicketKeys tickets = new TicketKeys();
  private final LongAdder reloads = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("certificates", true));

  private volatile SslContext current;
  private volatile PemIdentity identity;
  private volatile @Nullable String fault;

  private Certificates(
      TlsConfig config, TlsSettings settings, PemIdentity identity, InstantSource clock)
      throws IOException {
    this.config = config;
    this.settings = settings;
    this.identity = identity;
    this.clock = clock;
    this.current = contextOf(identity);
  }

  /**
   * Reads the files and begins to watch them.
   *
   * @param http2 whether it is offered
   * @throws IOException when the provider or a file is not fit; the message says which and why
   */
  static Certificates open(TlsConfig config, boolean http2, InstantSource clock)
      throws IOException {
    TlsSettings settings = TlsSettings.of(config, http2);
    PemIdentity identity = PemIdentity.read(config.certificates(), config.key());
    if (identity.expires().isBefore(clock.instant())) {
      log.error("{} has expired on {}", config.certificates(), identity.expires());
    }
    Certificates certificates = new Certificates(config, settings, identity, clock);
    certificates.watch();
    return certificates;
  }

  private void watch() {
    long millis = config.reloadInterval().toMillis();
    if (millis > 0) {
      var _ = watcher.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
    }
    if (config.tickets()) {
      long seconds = config.ticketRotation().toSeconds();
      var _ = watcher.scheduleAtFixedRate(this::rotateTickets, seconds, seconds, TimeUnit.SECONDS);
    }
  }

  private SslContext contextOf(PemIdentity of) throws IOException {
    SslContext context = settings.context(of);
    if (config.tickets() && context.sessionContext() instanceof OpenSslSessionContext sessions) {
      tickets.giveTo(sessions);
    }
    return context;
  }

  /** The handler for a new connection. */
  SslHandler handler(ByteBufAllocator allocator) {
    for (; ; ) {
      SslContext context = current;
      try {
        ReferenceCountUtil.retain(context);
      } catch (IllegalReferenceCountException _) {
        continue; // it was replaced just now, and `current` is the one that replaced it
      }
      try {
        return settings.handler(context, allocator);
      } finally {
        ReferenceCountUtil.release(context);
      }
    }
  }

  private void look() {
    try {
      byte[] now = PemIdentity.fingerprint(config.certificates(), config.key());
      if (!identity.isFrom(now)) {
        reload();
      } else {
        fault = null;
      }
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException e) {
      // One that got out would end the watch.
      failed(new IOException("a fault of our own: " + e, e));
    }
  }

  /**
   * Reads the files now. New connections are served with what they hold, if that is fit.
   *
   * @throws IOException when it is not, and the certificate is the one that it was
   */
  synchronized void reload() throws IOException {
    try {
      PemIdentity read = PemIdentity.read(config.certificates(), config.key());
      if (read.expires().isBefore(clock.instant())) {
        throw new IOException(config.certificates() + " has expired on " + read.expires());
      }
      SslContext replaced = current;
      current = contextOf(read);
      identity = read;
      ReferenceCountUtil.release(replaced);
      fault = null;
      reloads.increment();
      log.info("{} is in use, until {}", config.certificates(), read.expires());
    } catch (IOException e) {
      failed(e);
      throw e;
    }
  }

  private void failed(IOException cause) {
    String now = String.valueOf(cause.getMessage());
    if (!now.equals(fault)) {
      log.error("the certificate stays what it was: {}", now);
      failures.increment();
    }
    fault = now;
  }

  private synchronized void rotateTickets() {
    tickets.rotate();
    if (current.sessionContext() instanceof OpenSslSessionContext sessions) {
      tickets.giveTo(sessions);
    }
  }

  /** When the certificate in use expires, or the first of its chain. */
  Instant expires() {
    return identity.expires();
  }

  /** Until then, below zero after it. */
  long secondsLeft() {
    return expires().getEpochSecond() - clock.instant().getEpochSecond();
  }

  /** Certificates replaced since the start. */
  long reloads() {
    return reloads.sum();
  }

  /** Replacements that were not fit; the same one counts once. */
  long reloadFailures() {
    return failures.sum();
  }

  /** What is wrong with the files as they are, if anything. */
  Optional<String> fault() {
    return Optional.ofNullable(fault);
  }

  /** To be called when no connection is open any more. */
  @Override
  public void close() {
    watcher.shutdownNow();
    ReferenceCountUtil.release(current);
  }
}
