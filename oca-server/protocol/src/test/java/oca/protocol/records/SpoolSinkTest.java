package oca.protocol.records;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import oca.config.ByteSize;
import oca.model.ContentId;
import oca.protocol.ServeRecord;
import oca.protocol.ServeRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a batch by way of the disk to an outlet that comes and goes. */
class SpoolSinkTest extends RecordSinkContract {
  private static final long SEGMENT = 16 << 10;

  private final MemoryFolder memory = new MemoryFolder();
  private final FakeOutlet outlet = new FakeOutlet();
  private final SpoolSink<ServeRecord> sink = sink(memory, 8 * SEGMENT);
  @TempDir Path folder;

  @AfterEach
  void close() throws IOException {
    sink.close();
  }

  static KafkaConfig config(Path spool, long most) {
    return new KafkaConfig(
        List.of("127.0.0.1:9"),
        "oca",
        Optional.empty(),
        spool,
        new ByteSize(most),
        new ByteSize(SEGMENT),
        new ByteSize(4 << 10),
        Duration.ofSeconds(1),
        new ByteSize(1 << 20),
        RecordFileConfig.Sync.ROTATION);
  }

  static RecordsConfig records(KafkaConfig kafka) {
    return records(kafka, Duration.ofMillis(1), Duration.ofMillis(20));
  }

  private static RecordsConfig records(KafkaConfig kafka, Duration backoff, Duration most) {
    return new RecordsConfig(
        Optional.empty(),
        Optional.of(kafka),
        Optional.empty(),
        1 << 16,
        100,
        Duration.ofMillis(10),
        backoff,
        most,
        100,
        Duration.ofSeconds(4));
  }

  private SpoolSink<ServeRecord> sink(RecordFolder in, long most) {
    KafkaConfig config = config(Path.of("/spool"), most);
    return new SpoolSink<>(SERVE, config, records(config), in, () -> outlet);
  }

  /** Records of which no two pack to much less than they are. */
  static RecordBatch<ServeRecord> noise(long sequence, long first, int count) {
    Random random = new Random(sequence);
    List<ServeRecord> records = new ArrayList<>();
    for (long number = first; number < first + count; number++) {
      byte[] bytes = new byte[40];
      random.nextBytes(bytes);
      records.add(
          new ServeRecord(
              RecordRingTest.record(0).at(),
              new ContentId(0, number),
              "127.0.0.0",
              206,
              0,
              1,
              true,
              1,
              HexFormat.of().formatHex(bytes)));
    }
    return new RecordBatch<>(SERVER, "boot", sequence, 0, records);
  }

  @Override
  RecordSink<ServeRecord> sink() {
    return sink;
  }

  @Override
  void refuse(boolean on) {
    memory.broken(on);
  }

  @Override
  List<Long> arrived() {
    return outlet.numbers();
  }

  @Test
  void write_outletAway_bridgesAndKeepsTheOrder() throws IOException {
    outlet.away = true;
    for (int i = 0; i < 50; i++) {
      sink.write(batch(i + 1, i * 10L, 10));
    }
    await().until(() -> sink.status().failing());
    outlet.away = false;
    await().until(() -> outlet.accounted() == 500);
    assertEquals(LongStream.range(0, 500).boxed().toList(), outlet.numbers());
    await().until(() -> !sink.status().failing());
    assertEquals(500, sink.status().delivered());
    assertEquals(0, sink.status().lost());
  }

  @Test
  void write_beyondTheLimit_losesTheOldestAndTellsOfEach() throws IOException {
    outlet.away = true;
    int batches = 400;
    for (int i = 0; i < batches; i++) {
      sink.write(noise(i + 1, i * 20L, 20));
      assertTrue(memory.bytes() <= 8 * SEGMENT, memory.bytes() + " bytes");
    }
    assertTrue(sink.lost() > 0);
    outlet.away = false;
    sink.write(noise(batches + 1, 0, 1));
    await().until(() -> outlet.accounted() == batches * 20L + 1);
    await().until(() -> sink.status().delivered() + sink.lost() == batches * 20L + 1);
    List<Long> numbers = outlet.taken.stream().map(ServeRecords::sequence).toList();
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  @Test
  void write_aLargeBatch_becomesMessagesThatFit() throws IOException {
    sink.write(noise(1, 0, 500));
    sink.close();
    assertTrue(outlet.taken.size() > 5, outlet.taken.size() + " messages");
    assertEquals(500, outlet.accounted());
    assertEquals(
        LongStream.rangeClosed(1, outlet.taken.size()).boxed().toList(),
        outlet.taken.stream().map(ServeRecords::sequence).toList());
  }

  @Test
  void write_oneFailsOfSeveral_onlyThatIsSentAgain() throws IOException {
    outlet.away = true;
    for (int i = 0; i < 6; i++) {
      sink.write(batch(i + 1, i, 1));
    }
    await().until(() -> sink.status().failing());
    outlet.failAt = 2;
    outlet.away = false;
    await().until(() -> outlet.taken.size() == 6);
    assertEquals(6, outlet.numbers().stream().distinct().count());
  }

  @Test
  void write_refusedForGood_isLostAndToldAndTheRestArrives() throws IOException {
    outlet.refusedFrom = 600;
    sink.write(noise(1, 0, 20));
    await().until(() -> sink.lost() == 20);
    sink.write(noise(2, 20, 1));
    await().until(() -> outlet.accounted() == 21);
    assertEquals(List.of(20L), outlet.numbers());
  }

  @Test
  void close_whileItWaitsToTryAgain_triesOnceMoreAtOnce() throws IOException {
    KafkaConfig config = config(Path.of("/spool"), 8 * SEGMENT);
    RecordsConfig hour = records(config, Duration.ofHours(1), Duration.ofHours(1));
    outlet.away = true;
    try (SpoolSink<ServeRecord> waiting =
        new SpoolSink<>(SERVE, config, hour, new MemoryFolder(), () -> outlet)) {
      waiting.write(batch(1, 0, 3));
      await().until(() -> waiting.status().failing());
      outlet.away = false;
    }
    assertEquals(List.of(0L, 1L, 2L), outlet.numbers());
  }

  @Test
  void close_outletAway_keepsForTheNextStart() throws IOException {
    outlet.away = true;
    try (SpoolSink<ServeRecord> before = sink(new DiskFolder(folder), 8 * SEGMENT)) {
      for (int i = 0; i < 30; i++) {
        before.write(noise(i + 1, i * 20L, 20));
      }
    }
    outlet.away = false;
    try (SpoolSink<ServeRecord> after = sink(new DiskFolder(folder), 8 * SEGMENT)) {
      after.tick();
      await().until(() -> outlet.accounted() == 600);
      assertEquals(LongStream.range(0, 600).boxed().toList(), outlet.numbers());
    }
    assertEquals(List.of(), segments());
  }

  @Test
  void open_aTornEnd_isReadUpToIt() throws IOException {
    spooled(30);
    Path last = segments().getLast();
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    try (SpoolSink<ServeRecord> after = sink(new DiskFolder(folder), 8 * SEGMENT)) {
      after.tick();
      await().until(() -> outlet.accounted() == 29 * 20);
      assertEquals(1, after.status().torn());
      assertEquals(0, after.lost());
    }
  }

  @Test
  void open_aDamagedAndAMissingFile_countsExactlyWhatIsGone() throws IOException {
    spooled(100);
    List<Path> all = segments();
    assertTrue(all.size() > 4, all.toString());
    byte[] bytes = Files.readAllBytes(all.get(1));
    bytes[bytes.length / 2] ^= 1;
    Files.write(all.get(1), bytes);
    Files.delete(all.get(3));
    try (SpoolSink<ServeRecord> after = sink(new DiskFolder(folder), 16 * SEGMENT)) {
      after.tick();
      await().until(() -> after.status().delivered() + after.lost() == 100 * 20);
      assertTrue(after.lost() > 0);
      assertEquals(1, after.status().damaged());
      after.write(noise(1, 0, 1));
      await().until(() -> outlet.accounted() == 100 * 20 + 1);
    }
  }

  @Test
  void open_filesOfOthers_areLeftAlone() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    spooled(3);
    assertTrue(Files.exists(folder.resolve("notes.txt")));
    assertFalse(segments().isEmpty());
  }

  private void spooled(int batches) throws IOException {
    FakeOutlet none = new FakeOutlet();
    none.away = true;
    KafkaConfig config = config(folder, 16 * SEGMENT);
    try (SpoolSink<ServeRecord> before =
        new SpoolSink<>(SERVE, config, records(config), new DiskFolder(folder), () -> none)) {
      for (int i = 0; i < batches; i++) {
        before.write(noise(i + 1, i * 20L, 20));
      }
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(it -> it.toString().endsWith(".spool"))
          .sorted(Comparator.naturalOrder())
          .toList();
    }
  }
}
