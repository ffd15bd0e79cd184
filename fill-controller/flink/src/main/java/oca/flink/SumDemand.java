package oca.flink;

import java.io.Serial;
import java.time.Instant;
import java.util.Objects;
import oca.fill.FillConfig;
import oca.fill.day.DayScale;
import oca.fill.demand.Tally;
import oca.model.ContentId;
import oca.protocol.Wire;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** {@link FileDemand}, by file: tells sums that changed, each second. */
final class SumDemand extends KeyedProcessFunction<String, DemandPart, Word> {
  @Serial private static final long serialVersionUID = 1;

  static final OutputTag<Standing> STANDING =
      new OutputTag<>("standing", FormType.of(Forms.STANDING));

  private static final long HOUR = 3600;
  private static final long HOURS_OF_A_DAY = 24;

  private final Settings settings;
  private transient @Nullable DayScale scale;
  private transient int historyDays;
  private transient @Nullable ValueState<FileDemand> demands;
  private transient @Nullable ValueState<Long> next;

  SumDemand(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    FillConfig config = settings.config();
    scale = config.scale();
    historyDays = config.limits().historyDays();
    demands =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("demand", FormType.of(Forms.FILE_DEMAND)));
    next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
  }

  @Override
  public void processElement(DemandPart part, Context context, Collector<Word> out)
      throws Exception {
    ValueState<FileDemand> state = Objects.requireNonNull(demands);
    FileDemand known = state.value();
    FileDemand demand = known == null ? new FileDemand(part.cell().file()) : known;
    demand.add(part);
    state.update(demand);
    Ticks.soon(context.timerService(), Objects.requireNonNull(next));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Word> out)
      throws Exception {
    ValueState<FileDemand> state = Objects.requireNonNull(demands);
    ValueState<Long> due = Objects.requireNonNull(next);
    DayScale plan = Objects.requireNonNull(scale);
    FileDemand demand = state.value();
    due.clear();
    if (demand == null) {
      return;
    }
    long now = context.timerService().currentProcessingTime();
    long hour = Tally.hour(plan.plan(Instant.ofEpochMilli(now)));
    for (DemandSum sum : demand.changed()) {
      out.collect(new Word(Word.DEMAND, key(sum.file(), sum), Wire.write(sum)));
    }
    demand.standings(hour).forEach(standing -> context.output(STANDING, standing));
    demand.prune(hour - HOURS_OF_A_DAY * historyDays);
    long later = demand.next(hour, historyDays);
    if (later == Long.MAX_VALUE) {
      state.clear();
    } else {
      state.update(demand);
      long wake = plan.wall(Instant.ofEpochSecond(later * HOUR)).toEpochMilli();
      Ticks.at(context.timerService(), due, Math.max(wake, now) + 1);
    }
  }

  private static String key(ContentId file, DemandSum sum) {
    return file + " " + sum.region() + " " + sum.hour();
  }
}
