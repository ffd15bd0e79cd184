package oca.flink;

import java.time.Duration;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SideOutputDataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Draws the graph: from messages to results.
 *
 * <pre>
 * messages -- by sender: OpenMessages -+-- by file: SumDemand --- by region: RankFiles
 *                                      +-- KeepApart --^
 *                                      +-- by group: JoinGroups --- SumMisses
 * (all)    -- by name: SumCounts
 * </pre>
 *
 * <p>Each stage is as parallel as it has keys, but for the two that keep one table for all.
 */
final class Jobs {
  private static final String ONE = "all";

  /** By so much a partition that was silent may be behind the others when it goes on. */
  private static final Duration BEHIND = Duration.ofSeconds(1);

  /** Which results are wanted. */
  enum Job {
    POPULARITY,
    MISSES
  }

  private final Settings settings;
  private final Lookout lookout;

  Jobs(Settings settings, Lookout lookout) {
    this.settings = settings;
    this.lookout = lookout;
  }

  /** Times of the log, as its messages bear them. */
  static WatermarkStrategy<Arrival> times() {
    return WatermarkStrategy.<Arrival>forBoundedOutOfOrderness(BEHIND)
        .withTimestampAssigner((arrival, _) -> arrival.received());
  }

  /**
   * All results.
   *
   * @param log with {@link #times}; messages of a sender in the order in which it sent them
   */
  DataStream<Word> results(DataStream<Arrival> log, Set<Job> wanted) {
    SingleOutputStreamOperator<DemandPart> opened =
        log.keyBy(Arrival::sender, Types.STRING)
            .process(new OpenMessages(settings, lookout), FormType.of(Forms.DEMAND_PART))
            .uid("open")
            .name("open messages");
    DataStream<Counted> counted = opened.getSideOutput(SumCounts.COUNTED);
    DataStream<Word> words = null;
    if (wanted.contains(Job.POPULARITY)) {
      SingleOutputStreamOperator<DemandPart> apart =
          apart(opened.getSideOutput(OpenMessages.APART));
      counted = counted.union(apart.getSideOutput(SumCounts.COUNTED));
      words = popularity(opened.union(apart));
    }
    if (wanted.contains(Job.MISSES)) {
      SingleOutputStreamOperator<oca.fill.causes.Cell> joined =
          opened
              .getSideOutput(OpenMessages.JOINING)
              .keyBy(Joining::group, Types.STRING)
              .process(new JoinGroups(settings), FormType.of(Forms.CELL))
              .uid("join")
              .name("join by title");
      SingleOutputStreamOperator<Word> misses =
          joined
              .keyBy(_ -> ONE, Types.STRING)
              .process(new SumMisses(settings), FormType.of(Forms.WORD))
              .uid("misses")
              .name("sum misses")
              .setParallelism(1);
      counted =
          counted
              .union(joined.getSideOutput(SumCounts.COUNTED))
              .union(misses.getSideOutput(SumCounts.COUNTED));
      words = words == null ? misses : words.union(misses);
    }
    DataStream<Word> totals =
        counted
            .keyBy(Counted::name, Types.STRING)
            .process(new SumCounts(), FormType.of(Forms.WORD))
            .uid("counts")
            .name("sum counts");
    return words == null ? totals : words.union(totals);
  }

  private SingleOutputStreamOperator<DemandPart> apart(SideOutputDataStream<DemandPart> unknown) {
    return unknown
        .keyBy(_ -> ONE, Types.STRING)
        .process(new KeepApart(settings, lookout), FormType.of(Forms.DEMAND_PART))
        .uid("apart")
        .name("keep apart")
        .setParallelism(1);
  }

  private DataStream<Word> popularity(DataStream<DemandPart> demand) {
    SingleOutputStreamOperator<Word> sums =
        demand
            .keyBy(part -> part.cell().file().toString(), Types.STRING)
            .process(new SumDemand(settings), FormType.of(Forms.WORD))
            .uid("demand")
            .name("sum demand");
    return sums.union(
        sums.getSideOutput(SumDemand.STANDING)
            .keyBy(Standing::region, Types.STRING)
            .process(new RankFiles(settings), FormType.of(Forms.WORD))
            .uid("rank")
            .name("rank files"));
  }
}
