package oca.flink;

import java.util.Comparator;
import java.util.List;
import oca.fill.causes.Served;
import oca.protocol.SteeringRecord;

/**
 * What one batch says of one group: responses or answers, in its order.
 *
 * @param received when the batch came, in milliseconds since 1970
 * @param source with {@code offset}, the place of the batch in the log
 */
record Joining(
    long received,
    String source,
    long offset,
    String group,
    List<Served> served,
    List<SteeringRecord> answers) {

  /** The log as one: by time, and of the same millisecond by place. */
  static final Comparator<Joining> ORDER =
      Comparator.comparingLong(Joining::received)
          .thenComparing(Joining::source)
          .thenComparingLong(Joining::offset);

  Joining {
    served = List.copyOf(served);
    answers = List.copyOf(answers);
  }
}
