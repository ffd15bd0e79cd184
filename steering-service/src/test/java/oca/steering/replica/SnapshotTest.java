package oca.steering.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  private static final Snapshot SNAPSHOT =
      new Snapshot("the fleet".getBytes(UTF_8), "the catalogue".getBytes(UTF_8));

  @Test
  void read_asWritten_isTheSame() throws Exception {
    Snapshot read = Snapshot.read(SNAPSHOT.write(1000).bytes());
    assertArrayEquals(SNAPSHOT.fleet(), read.fleet());
    assertArrayEquals(SNAPSHOT.catalog(), read.catalog());
  }

  @Test
  void read_anyByteChangedOrMissing_isRefused() throws Exception {
    byte[] bytes = SNAPSHOT.write(1000).bytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 4;
      assertThrows(SnapshotRefusedException.class, () -> Snapshot.read(changed), "byte " + i);
      byte[] shorter = Arrays.copyOf(bytes, i);
      assertEquals(SnapshotRefusal.DAMAGED, refusal(shorter), "of " + i + " bytes");
    }
    assertEquals(SnapshotRefusal.DAMAGED, refusal(Arrays.copyOf(bytes, bytes.length + 1)));
  }

  @Test
  void read_newerForm_isSaidToBeThat() {
    assertEquals(
        SnapshotRefusal.NEWER, refusal("oca-replica 2 whatever comes\nthen".getBytes(UTF_8)));
    assertEquals(SnapshotRefusal.DAMAGED, refusal("oca-replica 1\n".getBytes(UTF_8)));
    assertEquals(SnapshotRefusal.DAMAGED, refusal("<html>".getBytes(UTF_8)));
  }

  @Test
  void write_tooLong_isRefused() {
    SnapshotRefusedException e =
        assertThrows(SnapshotRefusedException.class, () -> SNAPSHOT.write(100));
    assertEquals(SnapshotRefusal.TOO_LARGE, e.refusal());
  }

  @Test
  void save_again_replacesAndLeavesNothingBeside(@TempDir Path folder) throws Exception {
    SnapshotFile file = new SnapshotFile(folder.resolve("deep/replica"), 10);
    assertFalse(file.load().isPresent());
    file.save(new byte[] {1});
    file.save(new byte[] {2, 3});
    assertArrayEquals(new byte[] {2, 3}, file.load().orElseThrow());
    try (var there = Files.list(folder.resolve("deep"))) {
      assertEquals(1, there.count());
    }
    file.save(new byte[11]);
    SnapshotRefusedException e = assertThrows(SnapshotRefusedException.class, file::load);
    assertEquals(SnapshotRefusal.TOO_LARGE, e.refusal());
  }

  private static SnapshotRefusal refusal(byte[] bytes) {
    return assertThrows(SnapshotRefusedException.class, () -> Snapshot.read(bytes)).refusal();
  }
}
