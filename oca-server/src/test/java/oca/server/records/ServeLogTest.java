package oca.server.records;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import oca.model.ApplianceId;
import oca.model.Endpoint;
import oca.protocol.ServeRecords;
import oca.protocol.http.ControlClient;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServeLogTest {
  private static final ApplianceId SERVER = new ApplianceId("north-1");
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final List<ServeRecords> seen = new CopyOnWriteArrayList<>();
  private final List<ServeRecords> accepted = new CopyOnWriteArrayList<>();
  private final ControlClient client = new ControlClient(Duration.ofSeconds(5));
  private final ControlListener target;
  private volatile boolean down;

  ServeLogTest() throws IOException {
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
    try (ServeLog log = log(config(64, 3, LONG, 100))) {
      offer(log, 0, 3);
      await().untilAsserted(() -> assertEquals(List.of(0L, 1L, 2L), numbers(accepted)));
      ServeRecords batch = accepted.getFirst();
      assertEquals(SERVER, batch.server());
      assertEquals("boot", batch.bootId());
      assertEquals(1, batch.sequence());
      assertEquals(0, batch.dropped());
    }
  }

  @Test
  void accept_lessThanABatch_isPostedAfterTheInterval() {
    try (ServeLog log = log(config(64, 50, SHORT, 100))) {
      offer(log, 0, 2);
      await().untilAsserted(() -> assertEquals(List.of(0L, 1L), numbers(accepted)));
    }
  }

  @Test
  void accept_moreThanABatch_isPostedInBatchesInOrder() {
    try (ServeLog log = log(config(64, 4, SHORT, 100))) {
      offer(log, 0, 10);
      await()
          .untilAsserted(
              () -> assertEquals(LongStream.range(0, 10).boxed().toList(), numbers(accepted)));
      assertTrue(accepted.stream().allMatch(batch -> batch.records().size() <= 4));
      List<Long> sequences = accepted.stream().map(ServeRecords::sequence).toList();
      assertEquals(LongStream.rangeClosed(1, sequences.size()).boxed().toList(), sequences);
    }
  }

  @Test
  void accept_targetDown_retriesTheSameSequenceAndTheNextBatchTellsTheDrops() {
    down = true;
    try (ServeLog log = log(config(4, 2, SHORT, 1000))) {
      offer(log, 0, 2);
      await().until(() -> seen.size() >= 3);
      offer(log, 2, 10);
      assertEquals(6, log.dropped());
      down = false;
      await().untilAsserted(() -> assertEquals(6, numbers(accepted).size()));
      assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), numbers(accepted));
      assertEquals(
          List.of(1L), seen.stream().limit(3).map(ServeRecords::sequence).distinct().toList());
      assertEquals(0, accepted.getFirst().dropped());
      assertEquals(6, accepted.stream().mapToLong(ServeRecords::dropped).sum());
      assertTrue(log.failures() >= 3);
      assertEquals(12, log.accepted());
    }
  }

  @Test
  void accept_targetDownForAllAttempts_givesTheBatchUpAndCountsIt() {
    down = true;
    try (ServeLog log = log(config(8, 2, SHORT, 2))) {
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
    ServeLog log = log(config(64, 50, LONG, 100));
    offer(log, 0, 5);
    log.close();
    assertEquals(5, numbers(accepted).size());
    log.accept(RecordRingTest.record(9));
    assertEquals(1, log.dropped());
  }

  @Test
  void close_targetDown_dropsAndCountsWhatIsLeft() {
    down = true;
    ServeLog log = log(config(64, 2, LONG, 100));
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
            config.ring(),
            config.batch(),
            config.interval(),
            config.backoff(),
            config.backoffMax(),
            config.attempts(),
            config.flush());
    try (ServeLog log = log(none)) {
      offer(log, 0, 1000);
      assertEquals(1000, log.accepted());
      assertEquals(0, log.dropped());
    }
    assertEquals(List.of(), seen);
  }

  private RecordsConfig config(int ring, int batch, Duration interval, int attempts) {
    return new RecordsConfig(
        Optional.of(target.endpoint().http("v1/serve-records")),
        ring,
        batch,
        interval,
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        attempts,
        Duration.ofSeconds(5));
  }

  private ServeLog log(RecordsConfig config) {
    return ServeLog.start(SERVER, "boot", config, client);
  }

  private static void offer(ServeLog log, int first, int count) {
    for (int i = first; i < first + count; i++) {
      log.accept(RecordRingTest.record(i));
    }
  }

  private Response take(Request request) throws IOException {
    ServeRecords batch = request.message(ServeRecords.class);
    seen.add(batch);
    if (down) {
      return Response.problem(503, "down");
    }
    accepted.add(batch);
    return Response.empty(204);
  }

  private static List<Long> numbers(List<ServeRecords> batches) {
    return batches.stream()
        .flatMap(batch -> batch.records().stream())
        .map(record -> record.file().low())
        .toList();
  }
}
