package oca.bench.pull;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What connections ask for, one request after the other. For one thread. */
@FunctionalInterface
interface Script {
  /**
   * What a connection asks for next.
   *
   * @param last what came of its request before; null at first
   * @param now by {@link System#nanoTime}
   * @return null when it is done
   */
  @Nullable Ask next(int connection, @Nullable Sample last, long now);

  /**
   * As ordered.
   *
   * @param start by {@link System#nanoTime}, from which seconds count
   */
  static Script of(PullOrder order, long start) {
    SplittableRandom random = new SplittableRandom(order.seed());
    return switch (order.plan()) {
      case RANGES -> ranges(order, random);
      case SEGMENTS -> segments(order);
      case ABSENT ->
          paced(
              order,
              start,
              (_, _, at) -> Ask.absent(order.object() + random.nextLong(order.objects()), at));
      case OBJECTS -> objects(order);
      case MIXED -> paced(order, start, mixed(order, random));
    };
  }

  private static Script ranges(PullOrder order, SplittableRandom random) {
    int[] asked = new int[order.connections()];
    long places = order.objectBytes() - order.rangeBytes() + 1;
    return (connection, _, now) ->
        asked[connection]++ < order.asks()
            ? Ask.range(
                order.object(),
                order.objectBytes(),
                random.nextLong(places),
                order.rangeBytes(),
                now)
            : null;
  }

  private static Script segments(PullOrder order) {
    long last = order.object() + order.objects() - 1;
    return (_, before, now) -> {
      if (before == null) {
        return Ask.segment(order.object(), order.objectBytes(), now);
      }
      long segment = before.object() - Shelf.LIVE;
      if (before.status() == 404) {
        return Ask.segment(segment, order.objectBytes(), now + millis(order));
      }
      return segment == last ? null : Ask.segment(segment + 1, order.objectBytes(), now);
    };
  }

  private static Script objects(PullOrder order) {
    long[] next = {order.object()};
    return (_, _, now) ->
        next[0] < order.object() + order.objects()
            ? Ask.whole(next[0]++, order.objectBytes(), now)
            : null;
  }

  private static Script mixed(PullOrder order, SplittableRandom random) {
    long[] fresh = {order.object() + order.objects()};
    return (_, before, at) -> {
      boolean wasHeld = before != null && before.object() < order.object() + order.objects();
      long object = wasHeld ? fresh[0]++ : order.object() + random.nextLong(order.objects());
      return Ask.whole(object, order.objectBytes(), at);
    };
  }

  /** Each connection at its own beat, which begins somewhere within the first one. */
  private static Script paced(PullOrder order, long start, Script what) {
    long[] due = new long[order.connections()];
    long end = start + (long) (order.seconds() * 1e9);
    for (int i = 0; i < due.length; i++) {
      due[i] = start + millis(order) * i / due.length;
    }
    return (connection, before, now) -> {
      long at = Math.max(now, due[connection]);
      due[connection] = at + millis(order);
      return at < end ? what.next(connection, before, at) : null;
    };
  }

  private static long millis(PullOrder order) {
    return order.everyMillis() * 1_000_000L;
  }
}
