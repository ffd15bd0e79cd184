package oca.flink;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import oca.fill.CausesConfig;
import oca.fill.causes.Cell;
import oca.protocol.Wire;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** {@link MissTable}: one for all, for hours have room for so many sums. Tells them each second. */
final class SumMisses extends KeyedProcessFunction<String, Cell, Word> {
  @Serial private static final long serialVersionUID = 1;

  private final Settings settings;
  private transient int hours;
  private transient int cells;
  private transient @Nullable ValueState<MissTable> tables;
  private transient @Nullable ValueState<Long> next;

  SumMisses(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    CausesConfig causes = settings.config().causes();
    hours = causes.hours();
    cells = causes.cells();
    tables =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("misses", FormType.of(Forms.MISS_TABLE)));
    next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
  }

  @Override
  public void processElement(Cell cell, Context context, Collector<Word> out) throws Exception {
    ValueState<MissTable> state = Objects.requireNonNull(tables);
    MissTable known = state.value();
    MissTable table = known == null ? MissTable.empty() : known;
    long folded = table.folded();
    long outside = table.outside();
    table.add(cell, hours, cells);
    count("folded", table.folded() - folded, context);
    count("outside hours", table.outside() - outside, context);
    state.update(table);
    Ticks.soon(context.timerService(), Objects.requireNonNull(next));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Word> out)
      throws Exception {
    Objects.requireNonNull(next).clear();
    ValueState<MissTable> state = Objects.requireNonNull(tables);
    MissTable table = state.value();
    if (table == null) {
      return;
    }
    for (Cell sum : table.changed()) {
      String key = new String(Wire.write(sum.key()), StandardCharsets.UTF_8);
      out.collect(new Word(Word.MISSES, key, Wire.write(sum)));
    }
    long time = context.timerService().currentWatermark();
    if (time > 0 && time < Long.MAX_VALUE) {
      table.prune(Instant.ofEpochMilli(time), hours, cells);
    }
    state.update(table);
  }

  private void count(String name, long by, Context context) {
    if (by > 0) {
      context.output(SumCounts.COUNTED, new Counted(Counted.MISSES + name, by));
    }
  }
}
