package oca.protocol.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PackingTest {
  private final byte[] message = "{\"a\": 1}\n".repeat(1000).getBytes(UTF_8);

  @Test
  void unpack_ofPacked_isTheMessage() throws IOException {
    byte[] packed = Packing.pack(message);
    assertTrue(packed.length < message.length / 10, packed.length + " bytes");
    assertArrayEquals(message, Packing.unpack(packed, message.length));
  }

  @Test
  void unpack_ofWhatIsNotPacked_isThat() throws IOException {
    assertArrayEquals(message, Packing.unpack(message, message.length));
    assertArrayEquals(new byte[0], Packing.unpack(new byte[0], 10));
  }

  @Test
  void unpack_moreThanAllowed_isRefused() {
    assertThrows(IOException.class, () -> Packing.unpack(message, message.length - 1));
    byte[] packed = Packing.pack(message);
    assertThrows(IOException.class, () -> Packing.unpack(packed, message.length - 1));
  }

  @Test
  void unpack_brokenOff_isRefused() {
    byte[] packed = Packing.pack(message);
    assertThrows(
        IOException.class, () -> Packing.unpack(Arrays.copyOf(packed, packed.length / 2), 1 << 20));
  }

  @Test
  void pack_severalBehindEachOther_isOneFile() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Packing.pack("one\n".getBytes(UTF_8)));
    all.writeBytes(Packing.pack("two\n".getBytes(UTF_8)));
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(all.toByteArray()))) {
      assertEquals("one\ntwo\n", new String(in.readAllBytes(), UTF_8));
    }
  }
}
