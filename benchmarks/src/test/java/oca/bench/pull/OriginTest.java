package oca.bench.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the origin makes up and counts. */
class OriginTest {
  @TempDir Path folder;

  @Test
  void matches_samePlace_isTrue() {
    Noise noise = new Noise();
    ByteBuffer bytes = ByteBuffer.allocate(3_000_000);
    noise.fill(bytes, 5, 1_234_567);

    assertTrue(noise.matches(bytes.flip(), 5, 1_234_567));
    assertFalse(bytes.hasRemaining());
  }

  @Test
  void matches_anotherPlaceOrObject_isFalse() {
    Noise noise = new Noise();
    ByteBuffer bytes = ByteBuffer.allocate(64);
    noise.fill(bytes, 5, 1 << 20);

    assertFalse(noise.matches(bytes.flip(), 6, 1 << 20));
    assertFalse(noise.matches(bytes.rewind(), 5, 2 << 20));
    assertFalse(noise.matches(bytes.rewind(), 5, (1 << 20) + 4096));
  }

  @Test
  void wrote_someBytesTwice_areCountedByBlock() throws IOException {
    Ledger ledger = new Ledger(10_000);
    ledger.begins(3);
    ledger.wrote(0, 5000, 10);
    ledger.wrote(4500, 10_000, 20);
    Ledger.Page page = written(ledger);

    assertEquals(10_500, page.bytes());
    assertEquals(500, page.twice());
    assertEquals(2, page.most());
    assertEquals(3, page.begun());
  }

  @Test
  void sentAt_blockByBlock_isWhenItsLastByteWasFirstSent() throws IOException {
    Ledger ledger = new Ledger(10_000);
    ledger.wrote(0, 5000, 10);
    ledger.wrote(5000, 9000, 20);
    ledger.wrote(0, 5000, 30);
    Ledger.Page page = written(ledger);

    assertEquals(10, page.sentAt(0));
    assertEquals(20, page.sentAt(5000));
    assertEquals(0, page.sentAt(9000), "the last block was never whole");
    assertEquals(20, page.sentAt(0, 8192));
    assertEquals(0, page.sentAt(0, 9000));
  }

  @Test
  void reserve_aboveTheRate_letsWait() {
    Throttle throttle = new Throttle(1_000_000);
    long now = System.nanoTime() + 1_000_000_000;

    long first = throttle.reserve(10_000, now);
    long second = throttle.reserve(10_000, now);

    assertTrue(first <= now, "a pause is made up for");
    assertEquals(10_000_000, second - first);
  }

  private Ledger.Page written(Ledger ledger) throws IOException {
    Path file = folder.resolve("ledger");
    ledger.write(file);
    return Ledger.read(file);
  }
}
