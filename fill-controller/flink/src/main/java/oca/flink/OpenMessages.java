package oca.flink;

import java.io.Serial;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** {@link Opening}, by sender. */
final class OpenMessages extends KeyedProcessFunction<String, Arrival, DemandPart> {
  @Serial private static final long serialVersionUID = 1;

  static final OutputTag<DemandPart> APART =
      new OutputTag<>("apart", FormType.of(Forms.DEMAND_PART));
  static final OutputTag<Joining> JOINING = new OutputTag<>("joining", FormType.of(Forms.JOINING));

  private final Settings settings;
  private final Lookout lookout;
  private transient Lookout.@Nullable Watch watch;
  private transient @Nullable Opening opening;
  private transient @Nullable ValueState<Sender> senders;

  OpenMessages(Settings settings, Lookout lookout) {
    this.settings = settings;
    this.lookout = lookout;
  }

  @Override
  public void open(OpenContext context) throws Exception {
    senders =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("sender", FormType.of(Forms.SENDER)));
    Lookout.Watch opened = lookout.open();
    watch = opened;
    opening = new Opening(settings.config(), opened);
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public void processElement(Arrival arrival, Context context, Collector<DemandPart> out)
      throws Exception {
    ValueState<Sender> state = Objects.requireNonNull(senders);
    Sender known = state.value();
    Sender sender = known == null ? Sender.unknown() : known;
    Objects.requireNonNull(opening)
        .open(
            arrival,
            sender,
            new Opening.Out() {
              @Override
              public void demand(DemandPart part) {
                out.collect(part);
              }

              @Override
              public void apart(DemandPart part) {
                context.output(APART, part);
              }

              @Override
              public void join(Joining joining) {
                context.output(JOINING, joining);
              }

              @Override
              public void count(String name, long by) {
                context.output(SumCounts.COUNTED, new Counted(name, by));
              }
            });
    state.update(sender);
  }
}
