package oca.flink;

import java.io.Serial;
import java.util.Objects;
import oca.protocol.Wire;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Everything that is counted, by name: tells what changed, each second. */
final class SumCounts extends KeyedProcessFunction<String, Counted, Word> {
  @Serial private static final long serialVersionUID = 1;

  static final OutputTag<Counted> COUNTED = new OutputTag<>("counted", FormType.of(Forms.COUNTED));

  private transient @Nullable ValueState<Long> totals;
  private transient @Nullable ValueState<Long> next;

  @Override
  public void open(OpenContext context) {
    totals = getRuntimeContext().getState(new ValueStateDescriptor<>("total", Types.LONG));
    next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
  }

  @Override
  public void processElement(Counted counted, Context context, Collector<Word> out)
      throws Exception {
    ValueState<Long> state = Objects.requireNonNull(totals);
    Long before = state.value();
    state.update((before == null ? 0 : before) + counted.by());
    Ticks.soon(context.timerService(), Objects.requireNonNull(next));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Word> out)
      throws Exception {
    Objects.requireNonNull(next).clear();
    Long total = Objects.requireNonNull(totals).value();
    if (total != null) {
      String name = context.getCurrentKey();
      out.collect(new Word(Word.COUNTS, name, Wire.write(new Counted(name, total))));
    }
  }
}
