package oca.flink;

import java.io.IOException;
import java.io.Serial;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import oca.fill.causes.Cell;
import oca.fill.demand.Tally.Amount;
import oca.model.ContentId;
import oca.protocol.Wire;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Keeps the newest word of each key, as a compacted topic would. */
final class TestResults implements Sink<Word> {
  @Serial private static final long serialVersionUID = 1;

  private static final Map<String, ConcurrentMap<String, byte[]>> RUNS = new ConcurrentHashMap<>();
  private static final Map<String, Map<ContentId, Long>> RANKED = new ConcurrentHashMap<>();

  private final String run;

  TestResults(String run) {
    this.run = run;
    RUNS.put(run, new ConcurrentHashMap<>());
    RANKED.put(run, new ConcurrentHashMap<>());
  }

  /** When each file was first ranked among those of all regions, by the process's clock. */
  Map<ContentId, Long> ranked() {
    return RANKED.get(run);
  }

  Answers answers() throws IOException {
    return answers(RUNS.get(run));
  }

  /** Those of words by kind and key. */
  static Answers answers(Map<String, byte[]> words) throws IOException {
    Answers answers = Answers.none();
    for (Map.Entry<String, byte[]> word : words.entrySet()) {
      if (word.getKey().startsWith(Word.DEMAND + " ")) {
        DemandSum sum = Wire.read(word.getValue(), DemandSum.class);
        answers
            .demand()
            .put(
                sum.file() + " " + sum.region() + " " + sum.hour(),
                new Amount(sum.bytes(), sum.requests()));
      } else if (word.getKey().startsWith(Word.MISSES + " ")) {
        Cell cell = Wire.read(word.getValue(), Cell.class);
        answers.misses().put(cell.key(), cell);
      } else if (word.getKey().startsWith(Word.COUNTS + " ")) {
        Counted counted = Wire.read(word.getValue(), Counted.class);
        answers.count(counted.name(), counted.by());
      }
    }
    return answers;
  }

  @Override
  public SinkWriter<Word> createWriter(WriterInitContext context) {
    ConcurrentMap<String, byte[]> words = RUNS.get(run);
    return new SinkWriter<>() {
      @Override
      public void write(Word word, Context at) throws IOException {
        words.put(word.kind() + " " + word.key(), word.value());
        if (word.kind().equals(Word.POPULARITY) && word.key().equals(Standing.ALL)) {
          long now = System.nanoTime();
          for (Popular.Line line : Wire.read(word.value(), Popular.class).rank()) {
            RANKED.get(run).putIfAbsent(line.file(), now);
          }
        }
      }

      @Override
      public void flush(boolean end) {
        // Nothing waits.
      }

      @Override
      public void close() {
        // Nothing is open.
      }
    };
  }
}
