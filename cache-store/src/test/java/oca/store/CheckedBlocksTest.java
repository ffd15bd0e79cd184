package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The bits, by themselves: memory and disk are two lists of blocks. */
class CheckedBlocksTest {
  private static final int OFFSET = 4096;
  private static final int BLOCK = 1000;
  private static final long COUNT = 200;
  private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(64);

  private final FakeBlocks file = new FakeBlocks();
  private long now;
  private final CheckedBlocks checks = new CheckedBlocks(file, () -> now);

  /** Blocks that are right or wrong in memory and on the disk. */
  private static final class FakeBlocks implements CheckedBlocks.Blocks {
    final Set<Long> wrongOnDisk = new HashSet<>();
    final Set<Long> wrongInMemory = new HashSet<>();
    final Set<Long> withoutSum = new HashSet<>();
    final List<Long> compared = new ArrayList<>();
    final List<Long> damaged = new ArrayList<>();
    Runnable onCompare = () -> {};

    @Override
    public long contentOffset() {
      return OFFSET;
    }

    @Override
    public int blockBytes() {
      return BLOCK;
    }

    @Override
    public long endOf(long block) {
      return block == COUNT - 1 ? COUNT * BLOCK - 7 : (block + 1) * BLOCK;
    }

    @Override
    public boolean hasChecksum(long block) {
      return !withoutSum.contains(block);
    }

    @Override
    public boolean matches(long block, ByteBuffer scratch) {
      compared.add(block);
      onCompare.run();
      return !wrongInMemory.contains(block);
    }

    @Override
    public void leaveMemory(long block) {
      readIn(block);
    }

    /** Memory becomes what the disk is. */
    void readIn(long block) {
      if (wrongOnDisk.contains(block)) {
        wrongInMemory.add(block);
      } else {
        wrongInMemory.remove(block);
      }
    }

    @Override
    public DamagedBlockException damaged(long block) {
      damaged.add(block);
      return new DamagedBlockException("a file", block);
    }
  }

  private static long at(long inContent) {
    return OFFSET + inContent;
  }

  private void check(long first, long length) throws IOException {
    checks.check(at(first), length, SCRATCH);
  }

  private boolean covers(long first, long length) {
    return checks.covers(at(first), length);
  }

  @Test
  void covers_nothingCompared_isFalse() {
    assertFalse(covers(0, 1));
    assertFalse(covers(150_000, 1));
  }

  @Test
  void check_ofAFewBytes_coversTheirWholeBlocks() throws IOException {
    check(1999, 2);
    assertEquals(List.of(1L, 2L), file.compared);
    assertTrue(covers(1000, 2000));
    assertFalse(covers(999, 2));
    assertFalse(covers(2999, 2));
    check(1000, 2000);
    assertEquals(2, file.compared.size(), "compared twice");
  }

  @Test
  void check_farBehind_keepsWhatWasCompared() throws IOException {
    check(0, 1);
    check(199_000, 1);
    assertTrue(covers(0, 1000) && covers(199_000, 1));
    assertFalse(covers(1000, 1));
  }

  @Test
  void forget_ofAFewBytes_takesTheWholeBlockBack() throws IOException {
    check(0, 5000);
    checks.forget(at(1500), 1);
    assertFalse(covers(1000, 1));
    assertTrue(covers(0, 1000) && covers(2000, 3000));
  }

  @Test
  void forgetEvicted_asksOncePerComparedBlock() throws IOException {
    check(1000, 3000);
    List<Long> asked = new ArrayList<>();
    checks.forgetEvicted(
        at(500),
        5000,
        (position, length) -> {
          asked.add(position);
          assertEquals(BLOCK, length);
          return position != at(2000);
        });
    assertEquals(List.of(at(1000), at(2000), at(3000)), asked);
    assertTrue(covers(1000, 1000) && covers(3000, 1000));
    assertFalse(covers(2000, 1));
    BlockChecks.NONE.forgetEvicted(0, 1L << 40, (_, _) -> false);
  }

  @Test
  void check_wrongOnDisk_isTold() {
    file.wrongOnDisk.add(3L);
    file.wrongInMemory.add(3L);
    DamagedBlockException told = assertThrows(DamagedBlockException.class, () -> check(2000, 4000));
    assertTrue(told.getMessage().contains("block 3 of a file"), told.getMessage());
    assertEquals(List.of(3L), file.damaged);
    assertFalse(covers(3000, 1));
    assertTrue(covers(2000, 1));
  }

  @Test
  void check_wrongInMemoryAlone_isReadAgain() throws IOException {
    file.wrongInMemory.add(3L);
    check(3000, 1);
    assertEquals(List.of(3L, 3L), file.compared);
    assertTrue(covers(3000, 1000));
    assertEquals(List.of(), file.damaged);
  }

  @Test
  void check_forgottenMeanwhile_doesNotCover() throws IOException {
    check(0, 1);
    file.onCompare = () -> checks.forget(at(0), 1);
    check(1000, 1);
    assertFalse(covers(1000, 1));
  }

  @Test
  void covers_tenMinutesLater_isFalse() throws IOException {
    check(0, 2000);
    now += CheckedBlocks.KEPT_NANOS;
    assertTrue(covers(0, 2000));
    now++;
    assertFalse(covers(0, 1));
    check(1000, 1);
    assertTrue(covers(1000, 1));
    assertFalse(covers(0, 1));
  }

  @Test
  void covers_withoutChecksum_isTrueAndWidensNothing() throws IOException {
    file.withoutSum.add(4L);
    assertTrue(covers(4100, 200));
    assertEquals(at(4100), checks.begin(at(4100)));
    assertEquals(at(4101), checks.end(at(4100)));
    check(4100, 200);
    assertEquals(List.of(), file.compared);
  }

  @Test
  void beginAndEnd_areTheBlocks() {
    assertEquals(at(4000), checks.begin(at(4999)));
    assertEquals(at(5000), checks.end(at(4999)));
    assertEquals(at(COUNT * BLOCK - 7), checks.end(at(199_500)));
  }

  /** One thing that happens to a block. */
  record Step(int what, long block) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3), Arbitraries.longs().between(0, 9))
        .as(Step::new)
        .list()
        .ofMaxSize(200);
  }

  /**
   * Blocks rot on the disk, leave memory and are asked for, in any order. Whoever serves by the
   * rules of {@link BlockChecks} serves no wrong one.
   */
  @Property(tries = 500)
  void serve_byTheRules_neverServesAWrongBlock(@ForAll("steps") List<Step> steps)
      throws IOException {
    FakeBlocks file = new FakeBlocks();
    CheckedBlocks checks = new CheckedBlocks(file);
    Set<Long> inMemory = new HashSet<>();
    for (Step step : steps) {
      long block = step.block();
      switch (step.what()) {
        case 0 -> file.wrongOnDisk.add(block);
        case 1 -> inMemory.remove(block);
        default -> {
          if (!inMemory.contains(block)) {
            checks.forget(at(block * BLOCK), BLOCK);
            file.readIn(block);
            inMemory.add(block);
          }
          boolean served = true;
          if (!checks.covers(at(block * BLOCK), BLOCK)) {
            try {
              checks.check(at(block * BLOCK), 1, SCRATCH);
            } catch (DamagedBlockException e) {
              served = false;
            }
          }
          assertEquals(!file.wrongInMemory.contains(block), served, () -> "block " + block);
        }
      }
    }
  }
}
