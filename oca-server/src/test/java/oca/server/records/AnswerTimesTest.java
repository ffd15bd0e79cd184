package oca.server.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {
  @Test
  void accept_completeAnswers_areCountedInTheBucketThatIncludesThem() {
    AnswerTimes times = new AnswerTimes();
    times.accept(record(true, 50));
    times.accept(record(true, 51));
    times.accept(record(true, 3_600_000_000L));
    times.accept(record(false, 7));
    AnswerTimes.Snapshot seen = times.snapshot();
    assertEquals(seen.upToMicros().size() + 1, seen.counts().size());
    assertEquals(50, seen.upToMicros().getFirst());
    assertEquals(1, seen.counts().get(0));
    assertEquals(1, seen.counts().get(1));
    assertEquals(1, seen.counts().getLast());
    assertEquals(3, seen.counts().stream().mapToLong(Long::longValue).sum());
    assertEquals(3_600_000_101L, seen.sumMicros());
    assertEquals(seen.upToMicros().stream().sorted().toList(), seen.upToMicros());
  }

  private static ServeRecord record(boolean complete, long micros) {
    return new ServeRecord(
        Instant.EPOCH, new ContentId(0, 0), "127.0.0.0", 206, 0, 1, complete, micros, "part");
  }
}
