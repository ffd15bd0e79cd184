package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttacksTest {
  private static final Attacks ATTACKS = new Attacks(1_800_000_000);

  @Test
  void all_names_areDistinct() {
    Set<String> names = new HashSet<>();
    ATTACKS.all().forEach(attack -> assertTrue(names.add(attack.name()), attack.name()));
  }

  @Test
  void named_unknown_namesTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ATTACKS.named("x")).getMessage();

    assertTrue(message.contains("h2-rapid-reset"), message);
  }

  @Test
  void named_rapidReset_everyStreamIsNewAndOdd() {
    Attack.Flood flood = ATTACKS.named("h2-rapid-reset").flood();
    Set<Integer> opened = new HashSet<>();
    for (int block = 0; block < 2; block++) {
      ByteBuffer bytes = ByteBuffer.wrap(flood.block(block));
      while (bytes.hasRemaining()) {
        int length = ((bytes.get() & 0xff) << 16) | (bytes.getShort() & 0xffff);
        int type = bytes.get();
        bytes.get();
        int stream = bytes.getInt();
        bytes.position(bytes.position() + length);
        assertEquals(1, stream % 2);
        assertEquals(type == Frames.HEADERS, opened.add(stream), "stream " + stream);
      }
    }
    assertEquals(2 * flood.units(), opened.size());
  }

  @Test
  void frame_ping_isAsTheRfcDrawsIt() {
    assertArrayEquals(
        new byte[] {0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8},
        Frames.frame(Frames.PING, 1, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
  }
}
