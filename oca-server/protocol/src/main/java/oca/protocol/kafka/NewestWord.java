package oca.protocol.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the newest word of one key is in a topic, which keeps no other. What was said
 * while no broker was there, and is not the newest any more, is never sent: nothing is lost by that
 * and nothing piles up. Has a thread of its own; {@link #say} on any.
 */
public final class NewestWord implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NewestWord.class);
  private static final Duration DELIVER = Duration.ofSeconds(5);
  private static final int BUFFER = 4 << 20;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final KafkaCluster cluster;
  private final String topic;
  private final String key;
  private final AtomicReference<byte @Nullable []> newest = new AtomicReference<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;
  private boolean failing;

  private NewestWord(KafkaCluster cluster, String kind, String key) {
    this.cluster = cluster;
    this.topic = cluster.topic(kind);
    this.key = key;
    this.thread = Thread.ofPlatform().daemon().name("word-" + kind).unstarted(this::run);
  }

  /** Starts; brokers need not be there. */
  public static NewestWord start(KafkaCluster cluster, String kind, String key) {
    NewestWord word = new NewestWord(cluster, kind, key);
    word.thread.start();
    return word;
  }

  /** Replaces what was said before. Never blocks. */
  public void say(byte[] value) {
    newest.set(value);
    LockSupport.unpark(thread);
  }

  /** Words that brokers acknowledged. */
  public long sent() {
    return sent.sum();
  }

  /** Tries that failed. */
  public long failures() {
    return failures.sum();
  }

  /** What was not sent in a second more is left. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      if (!thread.join(Duration.ofSeconds(1))) {
        thread.interrupt();
        var _ = thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    TopicWriter writer = null;
    Duration pause = PAUSE;
    try {
      while (true) {
        byte[] word = newest.get();
        if (word == null) {
          if (closed) {
            return;
          }
          LockSupport.park();
          if (Thread.interrupted()) {
            return;
          }
          continue;
        }
        try {
          writer = writer == null ? open() : writer;
          var _ = writer.send(topic, key, word).get(DELIVER.toMillis() * 2, TimeUnit.MILLISECONDS);
          newest.compareAndSet(word, null);
          pause = PAUSE;
          took();
        } catch (IOException | ExecutionException | TimeoutException e) {
          failed(e);
          if (writer != null) {
            writer.close();
            writer = null;
          }
          if (closed) {
            return;
          }
          Thread.sleep(pause);
          Duration longer = pause.multipliedBy(2);
          pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
      }
    } catch (InterruptedException e) {
      log.debug("the newest word was not sent before closing");
    } finally {
      if (writer != null) {
        writer.close();
      }
    }
  }

  private TopicWriter open() throws IOException {
    return TopicWriter.open(cluster, new TopicWriter.Settings("oca-" + key, DELIVER, BUFFER));
  }

  private void took() {
    sent.increment();
    if (failing) {
      failing = false;
      log.info("{} takes words again", topic);
    }
  }

  private void failed(Exception e) {
    failures.increment();
    if (!failing) {
      failing = true;
      log.warn("{} does not take the newest word, trying again: {}", topic, e.getMessage());
    }
  }
}
