package oca.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The model of a power cut does what it says, and finds what is wrong. */
class PowerCutModelTest {
  private static final Path FOLDER = Path.of("/disk");
  private static final Path FILE = FOLDER.resolve("file");
  private static final Path TEMP = FOLDER.resolve("temp");
  private static final int SEEDS = 300;

  private final RecordingDisk disk = new RecordingDisk(new MemoryDisk());

  private interface Look {
    void at(MemoryDisk disk) throws IOException;
  }

  /** Shows many states that may be there when the power goes after all that was recorded. */
  private PowerCut everyState(Look look) throws IOException {
    PowerCut cut = new PowerCut(disk.log());
    cut.moveTo(disk.log().size());
    for (PowerCut.Left left : PowerCut.Left.values()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        look.at(cut.disk(left, seed));
      }
    }
    return cut;
  }

  @Test
  void disk_ofWhatWasSynced_isWhole() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 5000), true);
    write(FILE, 100, bytes(2, 1000), true);
    disk.syncFolder(FOLDER);
    byte[] expected = bytes(1, 5000);
    System.arraycopy(bytes(2, 1000), 0, expected, 100, 1000);
    PowerCut cut = everyState(state -> assertArrayEquals(expected, read(state, FILE)));
    assertTrue(cut.isSettled());
  }

  @Test
  void disk_ofUnsyncedFolder_mayHaveOrLackTheName() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 10), true);
    Set<Disk.Kind> seen = new HashSet<>();
    assertFalse(everyState(state -> seen.add(state.kind(FILE))).isSettled());
    assertEquals(Set.of(Disk.Kind.FILE, Disk.Kind.MISSING), seen);
  }

  @Test
  void disk_ofUnsyncedBytes_mixesSectorsAndSizes() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 2048), true);
    disk.syncFolder(FOLDER);
    write(FILE, 0, bytes(2, 4096), false);
    Set<Long> sizes = new HashSet<>();
    Set<String> mixtures = new HashSet<>();
    everyState(
        state -> {
          byte[] found = read(state, FILE);
          sizes.add((long) found.length);
          StringBuilder mixture = new StringBuilder();
          for (int at = 0; at < found.length; at += PowerCut.SECTOR) {
            byte[] sector = Arrays.copyOfRange(found, at, at + PowerCut.SECTOR);
            assertTrue(isAll(sector, 0) || isAll(sector, 1) || isAll(sector, 2));
            mixture.append(sector[0]);
          }
          mixtures.add(mixture.toString());
        });
    assertEquals(Set.of(2048L, 4096L), sizes);
    assertTrue(mixtures.contains("1111") && mixtures.contains("22222222"), mixtures.toString());
    assertTrue(mixtures.contains("11110000"), "the size without the bytes: " + mixtures);
    assertTrue(mixtures.contains("2222"), "bytes without the size: " + mixtures);
    assertTrue(mixtures.size() > 50, mixtures.toString());
  }

  @Test
  void disk_ofUnsyncedRename_hasTheFileUnderOneNameOrBoth() throws IOException {
    durableFolder();
    Path other = FOLDER.resolve("other");
    disk.makeFolder(other);
    disk.syncFolder(FOLDER);
    write(TEMP, 0, bytes(1, 10), true);
    disk.syncFolder(FOLDER);
    Path target = other.resolve("file");
    disk.rename(TEMP, target);
    Set<String> seen = new HashSet<>();
    everyState(state -> seen.add(state.kind(TEMP) + " " + state.kind(target)));
    assertEquals(Set.of("FILE MISSING", "MISSING FILE", "FILE FILE"), seen);
    disk.syncFolder(other);
    seen.clear();
    everyState(state -> seen.add(state.kind(TEMP) + " " + state.kind(target)));
    assertEquals(Set.of("MISSING FILE", "FILE FILE"), seen);
    disk.syncFolder(FOLDER);
    seen.clear();
    everyState(state -> seen.add(state.kind(TEMP) + " " + state.kind(target)));
    assertEquals(Set.of("MISSING FILE"), seen);
  }

  @Test
  void disk_ofReplacedFile_alwaysHasOneOfBoth() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 10), true);
    write(TEMP, 0, bytes(2, 10), true);
    disk.syncFolder(FOLDER);
    disk.rename(TEMP, FILE);
    Set<Byte> seen = new HashSet<>();
    everyState(state -> seen.add(read(state, FILE)[0]));
    assertEquals(Set.of((byte) 1, (byte) 2), seen);
  }

  @Test
  void disk_ofRenameBeforeTheSync_showsTheMistake() throws IOException {
    durableFolder();
    write(TEMP, 0, bytes(1, 1000), false);
    disk.rename(TEMP, FILE);
    disk.syncFolder(FOLDER);
    Set<Boolean> whole = new HashSet<>();
    everyState(state -> whole.add(Arrays.equals(bytes(1, 1000), read(state, FILE))));
    assertEquals(Set.of(true, false), whole);
  }

  @Test
  void disk_ofDeletionBeforeTheSync_mayHaveItBack() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 10), true);
    disk.syncFolder(FOLDER);
    disk.delete(FILE);
    Set<Disk.Kind> seen = new HashSet<>();
    everyState(state -> seen.add(state.kind(FILE)));
    assertEquals(Set.of(Disk.Kind.FILE, Disk.Kind.MISSING), seen);
  }

  @Test
  void disk_ofOneSeed_isAlwaysTheSame() throws IOException {
    durableFolder();
    write(FILE, 0, bytes(1, 9000), false);
    write(TEMP, 0, bytes(2, 9000), false);
    PowerCut cut = new PowerCut(disk.log());
    cut.moveTo(disk.log().size());
    for (PowerCut.Left left : PowerCut.Left.values()) {
      assertEquals(cut.disk(left, 7).fingerprint(), cut.disk(left, 7).fingerprint());
    }
    assertTrue(
        cut.disk(PowerCut.Left.SCATTERED, 7).fingerprint()
            != cut.disk(PowerCut.Left.SCATTERED, 8).fingerprint());
  }

  @Test
  void moveTo_anEarlierPlace_forgetsWhatCameLater() throws IOException {
    durableFolder();
    int before = disk.log().size();
    disk.remark("written");
    write(FILE, 0, bytes(1, 10), true);
    disk.syncFolder(FOLDER);
    PowerCut cut = new PowerCut(disk.log());
    cut.moveTo(before);
    assertEquals(Disk.Kind.MISSING, cut.disk(PowerCut.Left.EVERYTHING, 0).kind(FILE));
    cut.moveTo(before + 1);
    assertEquals(java.util.List.of("written"), cut.remarks());
  }

  private void durableFolder() throws IOException {
    disk.makeFolder(FOLDER);
    disk.syncFolder(Path.of("/"));
  }

  private void write(Path path, long position, byte[] bytes, boolean sync) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.WRITE)) {
      file.channel().write(ByteBuffer.wrap(bytes), position);
      if (sync) {
        file.channel().force(true);
      }
    }
  }

  private static byte[] read(Disk disk, Path path) throws IOException {
    try (OpenFile file = disk.open(path, Disk.Mode.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) file.channel().size());
      file.channel().read(bytes, 0);
      return bytes.array();
    }
  }

  private static byte[] bytes(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static boolean isAll(byte[] bytes, int value) {
    return Arrays.equals(bytes, bytes(value, bytes.length));
  }
}
