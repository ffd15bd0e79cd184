package oca.fill.ledger;

import static oca.fill.ledger.LedgerStage.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import oca.protocol.ServeRecord;

/** Whatever order, however often, late or early: each byte is in the ledger once. */
class LedgerPropertyTest {
  private record Batch(String server, long sequence, ServeRecord[] records) {}

  @Property(tries = 25, shrinking = ShrinkingMode.OFF)
  void records_inAnyOrderDoubledLateOrFromTheFuture_areBilledOnce(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    Path folder = Files.createTempDirectory("ledger");
    LedgerStage stage = new LedgerStage(folder);
    try {
      long[] due = new long[2];
      List<Batch> batches = batches(random, due);
      List<Batch> sent = new ArrayList<>(batches);
      for (Batch batch : batches) {
        if (random.nextInt(3) == 0) {
          sent.add(batch);
        }
      }
      Collections.shuffle(sent, random);
      for (Batch batch : sent) {
        stage.send(batch.server(), batch.sequence(), 0, batch.records());
        if (random.nextInt(4) == 0) {
          stage.now = stage.now.plus(Duration.ofHours(random.nextInt(20)));
          stage.close();
        }
      }
      stage.now = stage.now.plus(Duration.ofDays(3));
      stage.close();
      long viewers = 0;
      long others = 0;
      long ofAppliances = 0;
      long ofSites = 0;
      for (LedgerBook.Entry entry : stage.book.closed()) {
        LedgerContent content =
            oca.protocol.Wire.read(stage.book.day(entry.day()).orElseThrow(), SignedLedger.class)
                .content();
        viewers += content.total().bytes();
        others += content.total().otherBytes();
        ofAppliances += content.appliances().stream().mapToLong(it -> it.line().bytes()).sum();
        ofSites += content.sites().stream().mapToLong(it -> it.line().bytes()).sum();
        assertEquals(viewers, ofAppliances);
        assertEquals(viewers, ofSites);
        for (LedgerContent.Correction late : content.corrections()) {
          viewers += late.bytes();
          ofAppliances += late.bytes();
          ofSites += late.bytes();
          others += late.otherBytes();
        }
      }
      assertEquals(due[0], viewers, "to viewers");
      assertEquals(due[1], others, "to others");
      assertEquals(List.of(), stage.problems(stage.documents()));
    } finally {
      stage.stop();
      deleteAll(folder);
    }
  }

  private static List<Batch> batches(Random random, long[] due) {
    List<Batch> batches = new ArrayList<>();
    for (int server = 0; server < 3; server++) {
      for (int sequence = 1; sequence <= 6; sequence++) {
        ServeRecord[] records = new ServeRecord[random.nextInt(4)];
        for (int i = 0; i < records.length; i++) {
          boolean viewer = random.nextInt(4) > 0;
          long bytes = random.nextInt(5) == 0 ? 0 : random.nextLong(1L << 40);
          Instant at = NOON.plusSeconds(random.nextLong(-86_400 * 5, 86_400 * 5));
          records[i] =
              LedgerStage.record(
                  at,
                  bytes,
                  viewer ? LedgerStage.VIEWER : LedgerStage.PEER,
                  random.nextBoolean() ? ServeRecord.DISK : ServeRecord.PROXIED,
                  random.nextLong(1L << random.nextInt(1, 62)),
                  "f" + random.nextInt(5));
          due[viewer ? 0 : 1] += bytes;
        }
        batches.add(new Batch((server == 0 ? "o-" : "n-") + server, sequence, records));
      }
    }
    return batches;
  }

  @Property(tries = 200)
  void spread_overAnyTime_addsUpExactly(@ForAll long seed) {
    Random random = new Random(seed);
    OpenLine line = new OpenLine("s", false);
    double to = random.nextDouble() * 300;
    double from = random.nextInt(5) == 0 ? to : to * random.nextDouble();
    long bytes = random.nextLong(1L << 50);
    line.spread(bytes, from, to);
    long sum = 0;
    for (long each : line.intervals()) {
      assertEquals(true, each >= 0, "from " + from + " to " + to);
      sum += each;
    }
    assertEquals(bytes, sum);
  }

  private static void deleteAll(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
