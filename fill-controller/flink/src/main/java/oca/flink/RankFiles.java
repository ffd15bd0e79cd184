package oca.flink;

import java.io.Serial;
import java.time.Instant;
import java.util.Objects;
import oca.protocol.Wire;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** {@link RankTable}, by region: tells the rank when it changed, each second. */
final class RankFiles extends KeyedProcessFunction<String, Standing, Word> {
  @Serial private static final long serialVersionUID = 1;

  private final Settings settings;
  private transient @Nullable ValueState<RankTable> tables;
  private transient @Nullable ValueState<Long> next;

  RankFiles(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    tables =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("rank", FormType.of(Forms.RANK_TABLE)));
    next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
  }

  @Override
  public void processElement(Standing standing, Context context, Collector<Word> out)
      throws Exception {
    ValueState<RankTable> state = Objects.requireNonNull(tables);
    RankTable known = state.value();
    RankTable table = known == null ? new RankTable() : known;
    table.put(standing, settings.files());
    state.update(table);
    Ticks.soon(context.timerService(), Objects.requireNonNull(next));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Word> out)
      throws Exception {
    Objects.requireNonNull(next).clear();
    RankTable table = Objects.requireNonNull(tables).value();
    if (table != null) {
      String region = context.getCurrentKey();
      Instant now = Instant.ofEpochMilli(context.timerService().currentProcessingTime());
      out.collect(
          new Word(
              Word.POPULARITY, region, Wire.write(table.popular(region, now, settings.top()))));
    }
  }
}
