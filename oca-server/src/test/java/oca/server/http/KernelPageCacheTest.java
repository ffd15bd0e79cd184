package oca.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the kernel says of a real file. It lies in the module's folder, as /tmp may have no disk.
 */
class KernelPageCacheTest {
  private static final int LENGTH = 4 << 20;
  private static final int PAGE = 65_536; // of no architecture are they larger

  private final PageCache pages = KernelPageCache.instances().get();
  private Path path;
  private RandomAccessFile file;
  private int number;

  @BeforeEach
  void open() throws IOException {
    path = Files.createTempFile(Path.of(""), "pages", null);
    file = new RandomAccessFile(path.toFile(), "rw");
    file.write(StoreFixture.random(1, LENGTH));
    number = FileSource.number(file.getFD());
  }

  @AfterEach
  void close() throws IOException {
    file.close();
    Files.delete(path);
  }

  @Test
  void holds_writtenJustNow_isTrue() {
    assertTrue(pages.holds(number, 0, LENGTH));
    assertTrue(pages.holds(number, 0, 1));
    assertTrue(pages.holds(number, LENGTH - 1, 1));
    assertTrue(pages.holds(number, 4097, 100_000));
  }

  @Test
  void holds_evicted_isFalseUntilFetched() throws IOException {
    evict(0, 0);
    assertFalse(pages.holds(number, 0, LENGTH));
    assertFalse(pages.holds(number, 5000, 1));
    assertEquals(0, pages.fetch(number, 5000, 200_000));
    assertTrue(pages.holds(number, 5000, 200_000));
    assertFalse(pages.holds(number, 0, LENGTH));
    assertEquals(0, pages.fetch(number, 0, LENGTH));
    assertTrue(pages.holds(number, 0, LENGTH));
  }

  @Test
  void holds_oneHoleInTheMiddle_isFalseOfWhatHasIt() throws IOException {
    evict(0, 0);
    assertEquals(0, pages.fetch(number, 0, 10 * PAGE));
    assertEquals(0, pages.fetch(number, 11 * PAGE, 10 * PAGE));
    assertTrue(pages.holds(number, 0, 10 * PAGE));
    assertTrue(pages.holds(number, 11 * PAGE, 10 * PAGE));
    assertFalse(pages.holds(number, 0, 21 * PAGE));
  }

  @Test
  void fetch_behindTheEnd_isNoFault() throws IOException {
    evict(0, 0);
    assertEquals(0, pages.fetch(number, LENGTH - 10, 1000));
    assertEquals(0, pages.fetch(number, LENGTH + 10_000, 1000));
    assertTrue(pages.holds(number, LENGTH - 10, 10));
  }

  @Test
  void fetch_noFile_isAnErrno() throws IOException {
    file.close();
    assertEquals(-9, pages.fetch(1 << 20, 0, 1));
    file = new RandomAccessFile(path.toFile(), "r");
  }

  private void evict(long position, long length) throws IOException {
    file.getFD().sync();
    PageAdvice.evict(file, position, length);
  }
}
