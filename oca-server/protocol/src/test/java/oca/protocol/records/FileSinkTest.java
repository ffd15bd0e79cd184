package oca.protocol.records;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import oca.config.ByteSize;
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import org.junit.jupiter.api.Test;

class FileSinkTest extends RecordSinkContract {
  private static final int LEAST = 64 << 10;
  private static final int LINE = Wire.write(RecordRingTest.record(1_000)).length + 1;

  private final MemoryFolder folder = new MemoryFolder();
  private Instant now = Instant.parse("2026-11-01T12:00:00.123Z");
  private FileSink<ServeRecord> sink = sink(config(1 << 20, 1 << 30, 10, false));

  static RecordFileConfig config(long maxFile, long maxTotal, int maxFiles, boolean gzip) {
    return new RecordFileConfig(
        Path.of("/records"),
        new ByteSize(maxFile),
        Duration.ofHours(1),
        maxFiles,
        new ByteSize(maxTotal),
        Duration.ofMillis(20),
        gzip,
        RecordFileConfig.Sync.ROTATION);
  }

  private FileSink<ServeRecord> sink(RecordFileConfig config) {
    return new FileSink<>(SERVE, config, folder, () -> now);
  }

  @Override
  RecordSink<ServeRecord> sink() {
    return sink;
  }

  @Override
  void refuse(boolean on) {
    folder.broken(on);
  }

  @Override
  List<Long> arrived() throws IOException {
    return folder.lines().lines().map(FileSinkTest::number).toList();
  }

  private static long number(String line) {
    try {
      return Wire.read(line.getBytes(StandardCharsets.UTF_8), ServeRecord.class).file().low();
    } catch (IOException e) {
      throw new UncheckedIOException("not a whole record: " + line, e);
    }
  }

  @Test
  void write_first_beginsAFileNamedByItsTime() throws IOException {
    sink.write(batch(1, 0, 1));
    assertEquals(List.of("serve-20261101T120000.123Z.jsonl.open"), folder.names());
    sink.close();
    assertEquals(List.of("serve-20261101T120000.123Z.jsonl"), folder.names());
    assertEquals(1, sink.status().rotated());
  }

  @Test
  void tick_fileOldEnough_isClosedAndOneMillisecondKeepsNamesApart() throws IOException {
    sink.write(batch(1, 0, 1));
    now = now.plus(Duration.ofMinutes(59));
    sink.tick();
    assertEquals(0, sink.status().rotated());
    now = now.plus(Duration.ofMinutes(1));
    sink.tick();
    assertEquals(List.of("serve-20261101T120000.123Z.jsonl"), folder.names());
    now = now.minus(Duration.ofHours(1));
    sink.write(batch(2, 1, 1));
    assertEquals(
        List.of("serve-20261101T120000.123Z.jsonl", "serve-20261101T120000.124Z.jsonl.open"),
        folder.names());
  }

  @Test
  void tick_clockSetBack_closesTheFile() throws IOException {
    sink.write(batch(1, 0, 1));
    now = now.minusSeconds(1);
    sink.tick();
    assertEquals(1, sink.status().rotated());
  }

  @Test
  void write_moreThanAFile_closesEachBeforeItsLimitWithWholeLines() throws IOException {
    sink = sink(config(LEAST, 1 << 30, 100, false));
    int count = 5 * LEAST / LINE;
    sink.write(batch(1, 1000, count));
    sink.close();
    assertEquals(LongStream.range(1000, 1000 + count).boxed().toList(), arrived());
    assertTrue(sink.status().rotated() >= 5);
    for (RecordFolder.Entry file : folder.list()) {
      assertTrue(file.bytes() <= LEAST, file.toString());
      assertTrue(folder.text(file.name()).endsWith("\n"), file.toString());
    }
  }

  @Test
  void write_forLong_keepsTheLimitsAndDeletesTheOldestFirst() throws IOException {
    sink = sink(config(LEAST, 4 * LEAST, 100, false));
    int each = LEAST / LINE / 3;
    for (int i = 0; i < 40; i++) {
      now = now.plusSeconds(1);
      sink.write(batch(i + 1, 1000 + (long) i * each, each));
      assertTrue(folder.bytes() <= 4 * LEAST, folder.bytes() + " bytes after batch " + i);
    }
    sink.close();
    List<Long> kept = arrived();
    assertEquals(1000 + 40L * each - 1, kept.getLast());
    assertEquals(
        LongStream.rangeClosed(kept.getFirst(), kept.getLast()).boxed().toList(),
        kept,
        "what is kept is the newest, without a gap");
    assertEquals(sink.status().rotated(), sink.status().deleted() + folder.names().size());
  }

  @Test
  void write_moreFilesThanAllowed_deletesTheOldestAndNothingElse() throws IOException {
    folder.put("README", "not ours");
    folder.put("serve-notes.jsonl", "nor this");
    sink = sink(config(LEAST, 1 << 30, 3, false));
    for (int i = 0; i < 6; i++) {
      sink.write(batch(i + 1, i, 1));
      now = now.plus(Duration.ofHours(1));
      sink.tick();
    }
    sink.write(batch(7, 6, 1));
    assertEquals(4, sink.status().deleted());
    assertEquals(5, folder.names().size(), folder.names().toString());
    assertEquals("not ours", folder.text("README"));
  }

  @Test
  void tick_firstAfterACrash_cutsTheTornLineAndClosesTheFileOff() throws IOException {
    String whole = new String(Wire.write(RecordRingTest.record(7)), StandardCharsets.UTF_8);
    folder.put("serve-20261031T100000.000Z.jsonl.open", whole + "\n" + whole.substring(0, 30));
    folder.put("serve-20261031T110000.000Z.jsonl.open", whole + "\n");
    folder.put("serve-20261031T120000.000Z.jsonl.open", "{\"at\"");
    sink.tick();
    assertEquals(
        List.of("serve-20261031T100000.000Z.jsonl", "serve-20261031T110000.000Z.jsonl"),
        folder.names());
    assertEquals(List.of(7L, 7L), arrived());
    assertEquals(2, sink.status().torn());
    sink.write(batch(1, 8, 1));
    assertEquals(List.of(7L, 7L, 8L), arrived());
    assertEquals(3, folder.names().size());
  }

  @Test
  void write_diskFull_leavesWholeLinesAndGoesOnWhereItStoppedOnceThereIsRoom() throws IOException {
    folder.room(10L * LINE + LINE / 2);
    sink.write(batch(1, 1000, 10));
    assertThrows(IOException.class, () -> sink.write(batch(2, 1010, 5)));
    assertThrows(IOException.class, () -> sink.write(batch(2, 1010, 5)));
    assertEquals(LongStream.range(1000, 1010).boxed().toList(), arrived());
    folder.room(1 << 20);
    sink.write(batch(2, 1010, 5));
    sink.close();
    assertEquals(LongStream.range(1000, 1015).boxed().toList(), arrived());
  }

  @Test
  void write_diskFullInALaterChunk_doesNotRepeatTheEarlierOnes() throws IOException {
    int count = 3 * (256 << 10) / LINE;
    folder.room(300 << 10);
    assertThrows(IOException.class, () -> sink.write(batch(1, 1000, count)));
    assertFalse(arrived().isEmpty());
    folder.room(1 << 30);
    sink.write(batch(1, 1000, count));
    sink.close();
    assertEquals(LongStream.range(1000, 1000 + count).boxed().toList(), arrived());
  }

  @Test
  void write_diskThatRefusesEvenTheCut_leavesATornFileThatIsClosedOffLater() throws IOException {
    folder.room(LINE + 10);
    folder.cutsFail(true);
    assertThrows(IOException.class, () -> sink.write(batch(1, 1000, 2)));
    folder.room(1 << 20);
    folder.cutsFail(false);
    sink.write(batch(2, 1002, 1));
    sink.close();
    assertEquals(1, sink.status().torn());
    assertEquals(List.of(1000L, 1002L), arrived());
  }

  @Test
  void gzip_rotatedFile_isCompressedAndHoldsTheSameLines() throws IOException {
    folder.put("serve-20261031T100000.000Z.jsonl.gz.part", "left by a crash");
    sink = sink(config(LEAST, 1 << 30, 10, true));
    sink.write(batch(1, 0, 100));
    String plain = folder.lines();
    now = now.plus(Duration.ofHours(1));
    sink.tick();
    String name = "serve-20261101T120000.123Z.jsonl.gz";
    await().until(() -> folder.names().equals(List.of(name)));
    try (GZIPInputStream in = new GZIPInputStream(folder.read(name))) {
      assertEquals(plain, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    sink.close();
    assertEquals(0, sink.status().compressFailures());
  }
}
