package oca.fill.causes;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import oca.protocol.SteeringRecord;

/**
 * All that an {@link Attribution} knows, as a value: taken out and put back it goes on as if
 * nothing had been.
 *
 * @param labelledTo responses that end before this are labelled as they come
 * @param boots which batches were taken
 * @param answers of steering, by group
 * @param waiting responses without a label yet
 * @param past responses with one, that may tell of others
 * @param counts by name
 */
public record JoinState(
    Instant labelledTo,
    List<Boot> boots,
    Map<String, List<SteeringRecord>> answers,
    List<Served> waiting,
    List<Served> past,
    Map<String, Long> counts) {
  public JoinState {
    boots = List.copyOf(boots);
    waiting = List.copyOf(waiting);
    past = List.copyOf(past);
  }

  /** Nothing, after so many bytes were labelled. */
  public static JoinState labelled(long bytes) {
    return new JoinState(
        Instant.EPOCH,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(Attribution.Count.BYTES.label(), bytes));
  }

  /** A sender's boot: all sequences were taken up to one, and some beyond. */
  public record Boot(String name, long upTo, List<Long> beyond) {
    public Boot {
      beyond = List.copyOf(beyond);
    }
  }
}
