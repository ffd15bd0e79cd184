package oca.protocol.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The talk of one process with its service manager, by the protocol of sd_notify(3): READY=1 when
 * it serves, STATUS= for people, WATCHDOG=1 as long as its {@link Supervised} answers, STOPPING=1
 * when it ends. Without a service manager nothing is said, and nobody is asked.
 *
 * <p>The probe runs three times in WATCHDOG_USEC and waits for half of it at most, so that a
 * process which answers is never taken for one that does not. One that stands still is said once in
 * the log and in STATUS=; whoever watches ends it when the time is over.
 *
 * <p>Safe on any thread. What cannot be sent is logged once and forgotten.
 */
public final class Supervision implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervision.class);

  /** How often STATUS= is told when there is no watchdog. */
  private static final Duration WITHOUT_WATCHDOG = Duration.ofSeconds(10);

  private final @Nullable NotifySocket socket;
  private final Optional<Duration> watchdog;
  private @Nullable Thread probing;
  private volatile @Nullable String note;
  private volatile boolean failed;

  private Supervision(@Nullable NotifySocket socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /**
   * By the variables that the service manager sets: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
   *
   * @throws IOException when they are not as sd_notify(3) has them; the message names which
   */
  public static Supervision of(Map<String, String> environment, long pid) throws IOException {
    String address = environment.getOrDefault("NOTIFY_SOCKET", "");
    if (address.isEmpty()) {
      return new Supervision(null, Optional.empty());
    }
    String addressee = environment.getOrDefault("WATCHDOG_PID", "");
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean watched =
        !micros.isEmpty() && (addressee.isEmpty() || addressee.equals(Long.toString(pid)));
    try {
      return new Supervision(
          new NotifySocket(address),
          watched ? Optional.of(positive(Long.parseLong(micros))) : Optional.empty());
    } catch (NumberFormatException e) {
      throw new IOException("WATCHDOG_USEC must be a number above 0, not " + micros, e);
    } catch (IOException e) {
      throw new IOException("NOTIFY_SOCKET: " + e.getMessage(), e);
    }
  }

  private static Duration positive(long micros) {
    if (micros <= 0) {
      throw new NumberFormatException("not above 0");
    }
    return Duration.ofNanos(Math.multiplyExact(micros, 1000));
  }

  /** Says that it serves, and probes it from now on. To be called once. */
  public void ready(Supervised process) {
    if (socket == null) {
      return;
    }
    tell("READY=1\n" + status(process.summary()));
    probing = Thread.ofPlatform().daemon().name("watchdog").start(() -> probe(process));
  }

  /** Says something that stays in the status until the next {@code note}; null for nothing. */
  public void note(@Nullable String text) {
    note = text;
    if (text != null) {
      tell(status(text));
    }
  }

  /** Says that it ends, and probes no longer. */
  @Override
  public void close() {
    Thread thread = probing;
    if (thread != null) {
      thread.interrupt();
    }
    tell("STOPPING=1\nSTATUS=closing");
  }

  private void probe(Supervised process) {
    Duration period = watchdog.map(it -> it.dividedBy(3)).orElse(WITHOUT_WATCHDOG);
    Duration patience = watchdog.map(it -> it.dividedBy(2)).orElse(WITHOUT_WATCHDOG);
    boolean stood = false;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Optional<String> still = process.standstill(patience);
        if (still.isPresent()) {
          if (!stood) {
            log.error("no answer within {} ms: {}", patience.toMillis(), still.get());
          }
          tell(status("stands still: " + still.get()));
        } else {
          String said = note;
          String how = status(process.summary() + (said == null ? "" : "; " + said));
          tell(watchdog.isPresent() ? "WATCHDOG=1\n" + how : how);
        }
        stood = still.isPresent();
        Thread.sleep(period);
      }
    } catch (InterruptedException e) {
      // It is closed.
      Thread.currentThread().interrupt();
    }
  }

  private static String status(String text) {
    return "STATUS=" + text.replace('\n', ' ');
  }

  private void tell(String message) {
    if (socket == null) {
      return;
    }
    try {
      socket.send(message);
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        log.warn("the service manager was not told: {}", e.getMessage());
      }
      failed = true;
    }
  }
}
