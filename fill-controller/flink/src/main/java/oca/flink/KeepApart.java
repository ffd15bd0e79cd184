package oca.flink;

import java.io.Serial;
import java.util.List;
import java.util.Objects;
import oca.fill.FillConfig;
import oca.fill.demand.Regions;
import oca.fill.demand.Tally.Count;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * {@link ApartTable}: one for all, for the room there is one. Gives on what a newer catalogue
 * knows.
 */
final class KeepApart extends KeyedProcessFunction<String, DemandPart, DemandPart> {
  @Serial private static final long serialVersionUID = 1;
  private static final long HOURS_OF_A_DAY = 24;
  private static final long LOOK = 1000;

  private final Settings settings;
  private final Lookout lookout;
  private transient @Nullable Regions regions;
  private transient int most;
  private transient long historyHours;
  private transient Lookout.@Nullable Watch watch;
  private transient @Nullable ValueState<ApartTable> tables;
  private transient @Nullable ValueState<Long> next;

  KeepApart(Settings settings, Lookout lookout) {
    this.settings = settings;
    this.lookout = lookout;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    FillConfig config = settings.config();
    regions = config.demandRegions();
    most = config.limits().apartRows();
    historyHours = HOURS_OF_A_DAY * config.limits().historyDays();
    tables =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("apart", FormType.of(Forms.APART_TABLE)));
    next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
    watch = lookout.open();
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public void processElement(DemandPart part, Context context, Collector<DemandPart> out)
      throws Exception {
    ValueState<ApartTable> state = Objects.requireNonNull(tables);
    ApartTable known = state.value();
    ApartTable table = known == null ? new ApartTable() : known;
    long refused = table.add(part, most, historyHours);
    if (refused > 0) {
      context.output(SumCounts.COUNTED, new Counted(Count.APART_REFUSED.key(), refused));
    }
    state.update(table);
    Ticks.soon(context.timerService(), Objects.requireNonNull(next));
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<DemandPart> out)
      throws Exception {
    ValueState<ApartTable> state = Objects.requireNonNull(tables);
    ValueState<Long> due = Objects.requireNonNull(next);
    due.clear();
    ApartTable table = state.value();
    if (table == null) {
      return;
    }
    Regions known = Objects.requireNonNull(regions);
    Lookout.Watch seen = Objects.requireNonNull(watch);
    List<DemandPart> adopted =
        table.adopt(
            seen.version(),
            seen::file,
            network ->
                known.of(network) instanceof Regions.Origin.Viewers viewers
                    ? viewers.region().value()
                    : null);
    for (DemandPart part : adopted) {
      out.collect(part);
      count(Count.ADOPTED, part.amount().requests(), context);
      count(Count.BYTES, part.amount().bytes(), context);
    }
    state.update(table);
    if (table.size() > 0) {
      Ticks.at(context.timerService(), due, context.timerService().currentProcessingTime() + LOOK);
    }
  }

  private void count(Count count, long by, Context context) {
    context.output(SumCounts.COUNTED, new Counted(count.key(), by));
  }
}
