package oca.protocol.records;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import oca.config.ByteSize;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordLogTest {
  private static final ApplianceId SERVER = new ApplianceId("north-1");
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final List<RecordBatch<ServeRecord>> seen = new CopyOnWriteArrayList<>();
  private final List<RecordBatch<ServeRecord>> accepted = new CopyOnWriteArrayList<>();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));
  private final ControlListener target;
  private volatile boolean down;
  @TempDir Path temp;

  RecordLogTest() throws IOException {
    target = ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT);
  }

  @BeforeEach
  void start() {
    target.route("POST", "/v1/serve-records", this::take).start();
  }

  @AfterEach
  void stop() {
    client.close();
    target.close();
  }

  @Test
  void accept_aFullBatch_isPostedWithoutWaitingForTheInterval() {
    try (RecordLog<ServeRecord> log = log(config(64, 3, LONG, 100))) {
      offer(log, 0, 3);
      await().untilAsserted(() -> assertEquals(List.of(0L, 1L, 2L), numbers(accepted)));
      RecordBatch<ServeRecord> batch = accepted.getFirst();
      assertEquals(SERVER, batch.server());
      assertEquals("boot", batch.bootId());
      assertEquals(1, batch.sequence());
      assertEquals(0, batch.dropped());
    }
  }

  @Test
  void accept_lessThanABatch_isPostedAfterTheInterval() {
    try (RecordLog<ServeRecord> log = log(config(64, 50, SHORT, 100))) {
      offer(log, 0, 2);
      await().untilAsserted(() -> assertEquals(List.of(0L, 1L), numbers(accepted)));
    }
  }

  @Test
  void accept_moreThanABatch_isPostedInBatchesInOrder() {
    try (RecordLog<ServeRecord> log = log(config(64, 4, SHORT, 100))) {
      offer(log, 0, 10);
      await()
          .untilAsserted(
              () -> assertEquals(LongStream.range(0, 10).boxed().toList(), numbers(accepted)));
      assertTrue(accepted.stream().allMatch(batch -> batch.records().size() <= 4));
      List<Long> sequences = accepted.stream().map(RecordBatch::sequence).toList();
      assertEquals(LongStream.rangeClosed(1, sequences.size()).boxed().toList(), sequences);
    }
  }

  @Test
  void accept_targetDown_retriesTheSameSequenceAndTheNextBatchTellsTheDrops() {
    down = true;
    try (RecordLog<ServeRecord> log = log(config(4, 2, SHORT, 1000))) {
      offer(log, 0, 2);
      await().until(() -> seen.size() >= 3);
      offer(log, 2, 10);
      assertEquals(6, log.dropped());
      down = false;
      await().untilAsserted(() -> assertEquals(6, numbers(accepted).size()));
      assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), numbers(accepted));
      assertEquals(
          List.of(1L), seen.stream().limit(3).map(RecordBatch::sequence).distinct().toList());
      assertEquals(0, accepted.getFirst().dropped());
      assertEquals(6, accepted.stream().mapToLong(RecordBatch::dropped).sum());
      assertTrue(log.failures() >= 3);
      assertEquals(12, log.accepted());
    }
  }

  @Test
  void accept_targetDownForAllAttempts_givesTheBatchUpAndCountsIt() {
    down = true;
    try (RecordLog<ServeRecord> log = log(config(8, 2, SHORT, 2))) {
      offer(log, 0, 2);
      await().until(() -> log.dropped() == 2);
      down = false;
      offer(log, 2, 2);
      await().untilAsserted(() -> assertEquals(List.of(2L, 3L), numbers(accepted)));
      assertEquals(2, accepted.getFirst().dropped());
      assertEquals(2, accepted.getFirst().sequence());
    }
  }

  @Test
  void close_withRecordsWaiting_postsThem() {
    RecordLog<ServeRecord> log = log(config(64, 50, LONG, 100));
    offer(log, 0, 5);
    log.close();
    assertEquals(5, numbers(accepted).size());
    log.accept(RecordRingTest.record(9));
    assertEquals(1, log.dropped());
  }

  @Test
  void close_targetDown_dropsAndCountsWhatIsLeft() {
    down = true;
    RecordLog<ServeRecord> log = log(config(64, 2, LONG, 100));
    offer(log, 0, 5);
    log.close();
    assertEquals(5, log.dropped());
  }

  @Test
  void accept_withoutATarget_onlyCounts() {
    RecordsConfig config = config(64, 2, SHORT, 1);
    RecordsConfig none =
        new RecordsConfig(
            Optional.empty(),
            Optional.empty(),
            config.ring(),
            config.batch(),
            config.interval(),
            config.backoff(),
            config.backoffMax(),
            config.attempts(),
            config.flush());
    try (RecordLog<ServeRecord> log = log(none)) {
      offer(log, 0, 1000);
      assertEquals(1000, log.accepted());
      assertEquals(0, log.dropped());
    }
    assertEquals(List.of(), seen);
  }

  @Test
  void accept_oneSinkDown_theOtherGetsAllAndDropsAreCountedForEach() {
    MemorySink up = new MemorySink("up");
    MemorySink stuck = new MemorySink("stuck");
    stuck.refuses = true;
    RecordLog<ServeRecord> log =
        RecordLog.start(SERVER, "boot", config(4, 2, SHORT, 1000), List.of(stuck, up));
    for (int i = 0; i < 40; i += 2) {
      int upTo = i + 2;
      offer(log, i, 2);
      await().until(() -> up.numbers().size() == upTo);
      await().until(() -> log.sinks().getLast().written() == upTo);
    }
    SinkStatus behind = log.sinks().getFirst();
    assertTrue(behind.failing());
    assertTrue(behind.dropped() >= 34, behind.toString());
    assertEquals(4, behind.ring());
    assertEquals(new SinkStatus("up", 40, 0, 0, false, 0, 4), log.sinks().getLast());
    assertEquals(40, log.accepted());
    stuck.refuses = false;
    await().until(() -> log.sinks().getFirst().waiting() == 0);
    offer(log, 40, 1);
    log.close();
    assertEquals(LongStream.range(0, 41).boxed().toList(), up.numbers());
    assertEquals(40L, stuck.numbers().getLast());
    long told = stuck.batches.stream().mapToLong(RecordBatch::dropped).sum();
    assertEquals(log.sinks().getFirst().dropped(), told);
    assertEquals(41, log.sinks().getFirst().written() + told);
    assertTrue(up.closed && stuck.closed);
  }

  @Test
  void start_withAFolder_writesLinesThere() throws IOException {
    RecordsConfig both = config(64, 50, LONG, 100);
    RecordFileConfig file =
        new RecordFileConfig(
            temp.resolve("records"),
            new ByteSize(1 << 20),
            LONG,
            4,
            new ByteSize(4 << 20),
            SHORT,
            false,
            RecordFileConfig.Sync.WRITE);
    RecordLog<ServeRecord> log =
        log(
            new RecordsConfig(
                both.target(),
                Optional.of(file),
                both.ring(),
                both.batch(),
                both.interval(),
                both.backoff(),
                both.backoffMax(),
                both.attempts(),
                both.flush()));
    offer(log, 0, 3);
    await().until(() -> log.sinks().getFirst().written() == 3);
    assertEquals(0, seen.size());
    log.close();
    assertEquals(3, numbers(accepted).size());
    assertEquals(new FilesStatus(1, 0, 0, 0), log.files());
    try (Stream<Path> files = Files.list(temp.resolve("records"))) {
      List<Path> closed = files.filter(it -> it.toString().endsWith(".jsonl")).toList();
      assertEquals(1, closed.size());
      List<String> lines = Files.readAllLines(closed.getFirst());
      assertEquals(3, lines.size());
      assertEquals(
          RecordRingTest.record(2),
          Wire.read(lines.getLast().getBytes(StandardCharsets.UTF_8), ServeRecord.class));
    }
  }

  private RecordsConfig config(int ring, int batch, Duration interval, int attempts) {
    return new RecordsConfig(
        Optional.of(target.endpoint().http("v1/serve-records")),
        Optional.empty(),
        ring,
        batch,
        interval,
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        attempts,
        Duration.ofSeconds(5));
  }

  private RecordLog<ServeRecord> log(RecordsConfig config) {
    return RecordLog.start(RecordSinkContract.SERVE, SERVER, "boot", config, client);
  }

  private static void offer(RecordLog<ServeRecord> log, int first, int count) {
    for (int i = first; i < first + count; i++) {
      log.accept(RecordRingTest.record(i));
    }
  }

  private Response take(Request request) throws IOException {
    RecordBatch<ServeRecord> batch = RecordSinkContract.batch(request);
    seen.add(batch);
    if (down) {
      return Response.problem(503, "down");
    }
    accepted.add(batch);
    return Response.empty(204);
  }

  private static List<Long> numbers(List<RecordBatch<ServeRecord>> batches) {
    return batches.stream()
        .flatMap(batch -> batch.records().stream())
        .map(record -> record.file().low())
        .toList();
  }
}
