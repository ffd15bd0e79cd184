package oca.store;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies files whose reading failed, one after the other on a thread of its own, each waiting at
 * most once. Asking never blocks.
 */
final class DamageChecks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DamageChecks.class);
  private static final int WAITING = 256;

  private final Verifier verifier;
  private final Set<ContentKey> asked = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("store-checks").factory());

  /** Reads all of a file; sets it aside when it is damaged. */
  interface Verifier {
    Verification verify(ContentKey key) throws IOException;
  }

  DamageChecks(Verifier verifier) {
    this.verifier = verifier;
  }

  /** Has a file verified soon. When too many wait, the next read error of this file asks again. */
  void ask(ContentKey key) {
    if (!asked.add(key)) {
      return;
    }
    try {
      thread.execute(() -> check(key));
    } catch (RejectedExecutionException e) {
      asked.remove(key);
      log.warn("content {} is not checked now: too many are waiting", key);
    }
  }

  private void check(ContentKey key) {
    try {
      log.info("content {} after a read error: {}", key, verifier.verify(key));
    } catch (IOException e) {
      log.warn("content {} cannot be checked now", key, e);
    } finally {
      asked.remove(key);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
