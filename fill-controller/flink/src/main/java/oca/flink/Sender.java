package oca.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.fill.causes.JoinState;
import oca.fill.causes.Sequences;
import oca.fill.demand.Repeats;
import org.jspecify.annotations.Nullable;

/** Which batches of one sender came before. For one thread. */
final class Sender {
  /** As long as the controller's ledger remembers a boot. */
  private static final long BOOTS_KEPT = Duration.ofDays(30).toMillis();

  private final Saved saved;
  private @Nullable Map<String, Boot> boots;
  private @Nullable Sequences sequences;

  private static final class Boot {
    private final Repeats repeats;
    private long heard;

    Boot(Repeats repeats, long heard) {
      this.repeats = repeats;
      this.heard = heard;
    }
  }

  /**
   * What is in a checkpoint.
   *
   * @param counted by boot, for demand
   * @param joined for the join
   */
  record Saved(List<SavedBoot> counted, List<JoinState.Boot> joined) {
    Saved {
      counted = List.copyOf(counted);
      joined = List.copyOf(joined);
    }
  }

  /** A boot of which batches were counted. */
  record SavedBoot(String boot, long heard, List<Long> taken) {
    SavedBoot {
      taken = List.copyOf(taken);
    }
  }

  private Sender(Saved saved) {
    this.saved = saved;
  }

  static Sender unknown() {
    return new Sender(new Saved(List.of(), List.of()));
  }

  static Sender of(Saved saved) {
    return new Sender(saved);
  }

  /**
   * Whether demand counts a batch: it is the first of its boot and sequence.
   *
   * @param back how far behind the newest a sequence is told from a repeated one
   * @param received in milliseconds since 1970
   */
  boolean counts(String name, long sequence, int back, long received) {
    Map<String, Boot> known = boots(back);
    Boot boot = known.get(name);
    if (boot == null) {
      known.values().removeIf(it -> it.heard < received - BOOTS_KEPT);
      boot = new Boot(new Repeats(back, List.of()), received);
      known.put(name, boot);
    }
    boot.heard = Math.max(boot.heard, received);
    return boot.repeats.take(sequence);
  }

  /** Whether the join takes a batch. */
  boolean joins(String name, String boot, long sequence, int senders) {
    return sequences(senders).take(name, boot, sequence);
  }

  Saved saved() {
    List<SavedBoot> counted = new ArrayList<>();
    if (boots == null) {
      counted.addAll(saved.counted());
    } else {
      boots.forEach(
          (name, boot) -> counted.add(new SavedBoot(name, boot.heard, boot.repeats.taken())));
    }
    return new Saved(counted, sequences == null ? saved.joined() : sequences.state());
  }

  private Map<String, Boot> boots(int back) {
    if (boots == null) {
      boots = new LinkedHashMap<>();
      for (SavedBoot boot : saved.counted()) {
        boots.put(boot.boot(), new Boot(new Repeats(back, boot.taken()), boot.heard()));
      }
    }
    return boots;
  }

  private Sequences sequences(int senders) {
    if (sequences == null) {
      sequences = new Sequences(senders);
      sequences.restore(saved.joined());
    }
    return sequences;
  }
}
