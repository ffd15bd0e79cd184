package oca.protocol.records;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import oca.model.ApplianceId;
import oca.protocol.kafka.TooLargeException;
import oca.protocol.kafka.TopicWriter;
import org.jspecify.annotations.Nullable;

/**
 * Messages to a topic, all under the sender's name as their key: so they are in one partition, in
 * their order. After a failure the next messages are sent by another client, whatever state the one
 * before is in.
 */
final class KafkaOutlet implements Outlet {
  /** Beyond the client's own time, within which it tells the end of each message. */
  private static final long GRACE_MILLIS = 2_000;

  private final KafkaConfig config;
  private final String topic;
  private final String key;
  private @Nullable TopicWriter writer;

  KafkaOutlet(KafkaConfig config, String kind, ApplianceId sender) {
    this.config = config;
    this.topic = config.cluster().topic(kind);
    this.key = sender.value();
  }

  @Override
  public Sent send(List<byte[]> messages) throws IOException, InterruptedException {
    TopicWriter open = writer;
    if (open == null) {
      open =
          TopicWriter.open(
              config.cluster(),
              new TopicWriter.Settings(
                  "oca-" + key, config.deliver(), (int) config.buffer().bytes()));
      writer = open;
    }
    long until = System.nanoTime() + config.deliver().plusMillis(GRACE_MILLIS).toNanos();
    List<CompletableFuture<Void>> sent = new ArrayList<>(messages.size());
    for (byte[] message : messages) {
      CompletableFuture<Void> one = open.send(topic, key, message);
      sent.add(one);
      if (one.isCompletedExceptionally()) {
        // No broker, or no room: so it will be with the others, each after a second.
        break;
      }
    }
    List<Fate> fates = new ArrayList<>(messages.size());
    String why = "";
    for (CompletableFuture<Void> one : sent) {
      String failure = "";
      Fate fate;
      try {
        var _ = one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        fate = Fate.TAKEN;
      } catch (ExecutionException e) {
        fate = e.getCause() instanceof TooLargeException ? Fate.REFUSED : Fate.FAILED;
        failure = e.getCause() == null ? "" : String.valueOf(e.getCause().getMessage());
      } catch (TimeoutException e) {
        fate = Fate.FAILED;
        failure = "topic " + topic + ": not acknowledged within " + config.deliver();
      }
      fates.add(fate);
      why = why.isEmpty() ? failure : why;
    }
    while (fates.size() < messages.size()) {
      fates.add(Fate.FAILED);
    }
    if (fates.contains(Fate.FAILED)) {
      close();
    }
    return new Sent(fates, why);
  }

  @Override
  public void close() {
    TopicWriter open = writer;
    writer = null;
    if (open != null) {
      open.close();
    }
  }
}
