package oca.flink;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import oca.fill.causes.Cell;
import oca.fill.causes.Labelled;
import oca.fill.causes.Rules;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** {@link Room}, by group: gives each response its label, when the log has come so far. */
final class JoinGroups extends KeyedProcessFunction<String, Joining, Cell> {
  @Serial private static final long serialVersionUID = 1;

  private final Settings settings;
  private transient @Nullable Rules rules;
  private transient @Nullable ValueState<Room> rooms;

  JoinGroups(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    rules = settings.config().causes().rules();
    rooms =
        getRuntimeContext().getState(new ValueStateDescriptor<>("room", FormType.of(Forms.ROOM)));
  }

  @Override
  public void processElement(Joining joining, Context context, Collector<Cell> out)
      throws Exception {
    ValueState<Room> state = Objects.requireNonNull(rooms);
    Room known = state.value();
    Room room = known == null ? Room.empty() : known;
    room.add(joining);
    state.update(room);
    wakeAt(Room.after(joining.received()), context);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Cell> out)
      throws Exception {
    ValueState<Room> state = Objects.requireNonNull(rooms);
    Rules join = Objects.requireNonNull(rules);
    Room room = state.value();
    if (room == null) {
      return;
    }
    long tick = timestamp + 1;
    List<Labelled> labelled = room.step(join, tick);
    tell(labelled, context, out);
    room.counted(join)
        .forEach(
            (count, by) ->
                context.output(SumCounts.COUNTED, new Counted(Counted.MISSES + count.label(), by)));
    long next = room.next(join, tick);
    if (next == Long.MAX_VALUE) {
      state.clear();
    } else {
      state.update(room);
      wakeAt(next, context);
    }
  }

  private void tell(List<Labelled> labelled, Context context, Collector<Cell> out) {
    if (labelled.isEmpty()) {
      return;
    }
    Map<Cell, Cell> sums = new LinkedHashMap<>();
    long bytes = 0;
    for (Labelled one : labelled) {
      Cell cell = Cell.of(one);
      sums.merge(cell.key(), cell, Cell::plus);
      bytes += cell.bytes();
    }
    sums.values().forEach(out::collect);
    context.output(SumCounts.COUNTED, new Counted(Counted.LABELLED, bytes));
  }

  /** When all of the log before {@code tick} is here. */
  private void wakeAt(long tick, Context context) {
    context.timerService().registerEventTimeTimer(tick - 1);
  }
}
