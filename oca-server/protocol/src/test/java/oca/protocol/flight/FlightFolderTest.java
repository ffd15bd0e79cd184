package oca.protocol.flight;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightFolderTest {
  private static final Instant AT = Instant.parse("2026-11-23T07:40:13Z");

  @TempDir Path folder;
  private int deleted;

  @Test
  void keep_moreThanMay_deletesTheOldest() throws Exception {
    FlightFolder few = new FlightFolder(folder, 2, 1000);
    few.prepare();
    for (int i = 0; i < 4; i++) {
      keep(few, AT.plusSeconds(i), 10);
    }
    assertEquals(
        List.of("20261123T074016Z-first-byte.jfr", "20261123T074015Z-first-byte.jfr"),
        few.list().stream().map(Flight::name).toList());
    assertEquals(2, deleted);
    assertEquals("first-byte", few.list().getFirst().cause());
    assertEquals(AT.plusSeconds(3), few.list().getFirst().at());
  }

  @Test
  void keep_largerThanIsLeft_makesRoomBefore() throws Exception {
    FlightFolder small = new FlightFolder(folder, 100, 100);
    small.prepare();
    keep(small, AT, 40);
    keep(small, AT, 40);
    assertEquals(2, small.list().size(), "two of one second have names of their own");
    keep(small, AT.plusSeconds(1), 90);
    assertEquals(90, small.list().stream().mapToLong(Flight::bytes).sum());
  }

  @Test
  void keep_writingFails_leavesNothing() throws Exception {
    FlightFolder one = new FlightFolder(folder, 9, 1000);
    one.prepare();
    assertThrows(
        IOException.class,
        () ->
            one.keep(
                AT,
                Cause.STALL,
                10,
                to -> {
                  Files.writeString(to, "half");
                  throw new IOException("no space left");
                },
                () -> {}));
    assertEquals(List.of(), one.list());
    try (var left = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("ring")), left.toList());
    }
  }

  @Test
  void prepare_afterAKill_takesHalfWrittenAway() throws Exception {
    Path part = Files.writeString(folder.resolve("20261123T074013Z-stall.jfr.part"), "half");
    new FlightFolder(folder, 9, 1000).prepare();
    assertFalse(Files.exists(part));
  }

  @Test
  void leftover_ofAProcessThatIsGone_isPutTogetherInOrder() throws Exception {
    FlightFolder one = new FlightFolder(folder, 9, 1000);
    one.prepare();
    assertEquals(Optional.empty(), one.leftover(_ -> false));
    Path gone = Files.createDirectories(one.ring().resolve("2026_11_23_07_40_13_4711"));
    Path here = Files.createDirectories(one.ring().resolve("2026_11_23_07_40_13_4712"));
    Files.writeString(gone.resolve("2026_11_23_07_41_00.jfr"), "two");
    Files.writeString(gone.resolve("2026_11_23_07_40_13.jfr"), "one");
    Files.writeString(gone.resolve("2026_11_23_07_41_00.part"), "no");
    FlightFolder.Leftover left = one.leftover(pid -> pid == 4712).orElseThrow();
    Path all = folder.resolve("all");
    left.write(all);
    assertEquals("onetwo", Files.readString(all, UTF_8));
    left.delete();
    assertFalse(Files.exists(gone));
    assertTrue(Files.exists(here));
  }

  @Test
  void list_noFolderOrOtherFiles_isEmpty() throws Exception {
    assertEquals(List.of(), FlightFolder.list(folder.resolve("none")));
    Files.writeString(folder.resolve("letter.jfr"), "hello");
    assertEquals(List.of(), FlightFolder.list(folder));
  }

  private void keep(FlightFolder into, Instant at, int bytes) throws IOException {
    into.keep(at, Cause.FIRST_BYTE, bytes, to -> Files.write(to, new byte[bytes]), () -> deleted++);
  }
}
