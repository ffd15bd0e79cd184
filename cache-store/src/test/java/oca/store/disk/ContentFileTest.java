package oca.store.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The format on disk, against an image that this version wrote and every later one has to read. */
class ContentFileTest {
  private static final long SECOND = 1_800_000_000L;
  private static final Lineage.Slot ORIGIN = new Lineage.Slot("origin", 1, 2, 3, SECOND);
  private static final Lineage.Slot PEER =
      new Lineage.Slot("appliance-of-24-letters!", 7, 4_000_000_000L, 9, SECOND + 1);

  @TempDir Path folder;

  @Test
  void create_ofKnownContent_writesTheGoldenImage() throws Exception {
    Path file = folder.resolve("file");
    write(file);
    byte[] written = Files.readAllBytes(file);
    assertArrayEquals(golden(), written);
  }

  @Test
  void goldenImage_read_isWhole() throws Exception {
    try (FileChannel channel = golden(golden())) {
      ContentFile.Header header = ContentFile.readHeader(channel);
      assertEquals(header(), header);
      BlockTable table = new BlockTable(channel, header);
      table.verify();
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (long block = 0; block < header.blocks(); block++) {
        assertTrue(table.matches(block, digest::update));
        assertEquals(SECOND, table.verified(block));
      }
      assertEquals(header.sha256(), HexFormat.of().formatHex(digest.digest()));
      Lineage lineage = Lineage.read(channel);
      assertEquals(ORIGIN, lineage.slot(table.provenance(0)).orElseThrow());
      assertEquals(PEER, lineage.slot(table.provenance(1)).orElseThrow());
      assertEquals(4_000_000_000L, lineage.generation());
    }
  }

  @Test
  void verify_ofSwappedBlocks_namesTheBlock() throws Exception {
    // Same bytes in both blocks: only the block's number in the checksum tells them apart.
    ContentFile.Header header =
        new ContentFile.Header(new UUID(1, 2), 3, 4, 8192, 4096, "0".repeat(64), "video/mp4", 5);
    BlockChecksums sums = new BlockChecksums(3, 4);
    try (FileChannel channel = open(folder.resolve("file"))) {
      ContentFile.create(channel, header);
      sums.begin(0);
      sums.update(ByteBuffer.allocate(4096));
      channel.write(ByteBuffer.allocate(1), header.fileBytes() - 1);
      BlockTable table = new BlockTable(channel, header);
      table.enter(0, sums.value(), SECOND, 0);
      table.enter(1, sums.value(), SECOND, 0);
      table.close();
      BadFileException bad = assertThrows(BadFileException.class, table::verify);
      assertTrue(String.valueOf(bad.getMessage()).contains("block 1 "), bad.getMessage());
    }
  }

  @Test
  void readHeader_ofNewerVersion_isRefused() throws Exception {
    byte[] newer = golden();
    ByteBuffer page = ByteBuffer.wrap(newer).putInt(8, ContentFile.VERSION + 1);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, 508);
    page.putInt(508, (int) crc.getValue());
    try (FileChannel channel = golden(newer)) {
      StoreRefusedException refused =
          assertThrows(StoreRefusedException.class, () -> ContentFile.readHeader(channel));
      assertTrue(String.valueOf(refused.getMessage()).contains("install the newer version"));
    }
  }

  @Test
  void readHeader_withAnyByteFlipped_isBad() throws Exception {
    for (int offset = 0; offset < ContentFile.HEADER_BYTES; offset += 3) {
      byte[] flipped = golden();
      flipped[offset] ^= 0x10;
      try (FileChannel channel = golden(flipped)) {
        assertThrows(
            BadFileException.class, () -> ContentFile.readHeader(channel), "offset " + offset);
      }
    }
  }

  @Test
  void goldenImage_ofVersion1_isOutdatedSoThatItIsRefilled() throws Exception {
    try (FileChannel channel = golden(image("content-v1.img"))) {
      assertThrows(OutdatedFileException.class, () -> ContentFile.readHeader(channel));
    }
  }

  @Test
  void checkWhole_ofUnfinishedFile_isBad() throws Exception {
    try (FileChannel channel = open(folder.resolve("file"))) {
      ContentFile.create(channel, header());
      channel.write(ByteBuffer.allocate(1), header().fileBytes() - 1);
      BlockTable table = new BlockTable(channel, header());
      assertThrows(BadFileException.class, table::checkWhole);
      assertTrue(table.written().isEmpty());
    }
  }

  @Test
  void claim_whenAllSlotsAreTaken_takesOneThatNoBlockRefersTo() throws Exception {
    try (FileChannel channel = open(folder.resolve("file"))) {
      Lineage lineage = Lineage.empty(channel);
      for (int slot = 1; slot <= Lineage.SLOTS; slot++) {
        assertEquals(slot, lineage.claim(new Lineage.Slot("s" + slot, slot, 0, 0, 0)));
      }
      assertEquals(0, lineage.claim(ORIGIN));
      BitSet inUse = new BitSet();
      inUse.set(1, Lineage.SLOTS + 1);
      inUse.clear(7);
      lineage.retain(inUse);
      assertEquals(7, lineage.claim(ORIGIN));
      channel.write(ByteBuffer.allocate(1), ContentFile.CONTENT_OFFSET);
      assertEquals(ORIGIN, Lineage.read(channel).slot(7).orElseThrow());
    }
  }

  @Test
  void lineage_comingBackToASource_takesNoOtherSlot() throws Exception {
    try (FileChannel channel = open(folder.resolve("file"))) {
      Lineage lineage = Lineage.empty(channel);
      assertEquals(1, lineage.claim(ORIGIN));
      assertEquals(2, lineage.claim(PEER));
      assertEquals(1, lineage.claim(new Lineage.Slot("origin", 1, 2, 3, SECOND + 5)));
      Lineage.Slot longer = new Lineage.Slot("appliance-of-24-letters!!!", 7, 4_000_000_000L, 9, 0);
      assertEquals(2, lineage.claim(longer));
      assertEquals(3, lineage.claim(new Lineage.Slot("origin", 1, 3, 3, SECOND + 5)));
    }
  }

  @Test
  void lineage_withoutAFreeSlot_writesOverTheOldestOfThatSource() throws Exception {
    try (FileChannel channel = open(folder.resolve("file"))) {
      Lineage lineage = Lineage.empty(channel);
      for (int slot = 1; slot <= Lineage.SLOTS; slot++) {
        lineage.claim(new Lineage.Slot("s" + slot % 2, slot, slot, 0, slot));
      }
      Lineage.Slot again = new Lineage.Slot("s0", 1, 100, 0, 100);
      assertEquals(0, lineage.claim(again));
      assertEquals(2, lineage.takeOver(again));
      assertEquals(2, lineage.claim(again));
      Lineage.Slot other = new Lineage.Slot("other", 1, 101, 0, 101);
      assertEquals(1, lineage.takeOver(other));
      assertEquals(1, lineage.takeOver(new Lineage.Slot("third", 1, 101, 0, 102)));
      assertEquals(1, lineage.takeOver(new Lineage.Slot("third", 1, 102, 0, 103)));
      channel.write(ByteBuffer.allocate(1), ContentFile.CONTENT_OFFSET);
      Lineage read = Lineage.read(channel);
      assertEquals(again, read.slot(2).orElseThrow());
      assertEquals(Lineage.SEVERAL, read.slot(1).orElseThrow().source());
      assertEquals(102, read.generation());
    }
  }

  @Test
  void slot_withAnyByteFlipped_isUnknownAndNoOther() throws Exception {
    for (int offset = 512; offset < 512 + 56; offset++) {
      byte[] flipped = golden();
      flipped[offset] ^= 4;
      try (FileChannel channel = golden(flipped)) {
        Lineage lineage = Lineage.read(channel);
        assertTrue(lineage.slot(1).isEmpty());
        assertEquals(PEER, lineage.slot(2).orElseThrow());
      }
    }
  }

  private static ContentFile.Header header() throws Exception {
    return new ContentFile.Header(
        new UUID(0x0123456789abcdefL, 0x7edcba9876543210L),
        0x1111111111111111L,
        0x2222222222222222L,
        5000,
        4096,
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content())),
        "video/mp4",
        1_790_000_000L);
  }

  private static byte[] content() {
    byte[] content = new byte[5000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i * 7);
    }
    return content;
  }

  private static void write(Path file) throws Exception {
    ContentFile.Header header = header();
    try (FileChannel channel = open(file)) {
      ContentFile.create(channel, header);
      ContentFile.writeFully(channel, ByteBuffer.wrap(content()), ContentFile.CONTENT_OFFSET);
      Lineage lineage = Lineage.empty(channel);
      BlockChecksums sums = new BlockChecksums(header.high(), header.low());
      BlockTable table = new BlockTable(channel, header);
      for (int block = 0; block < header.blocks(); block++) {
        sums.begin(block);
        sums.update(ByteBuffer.wrap(content(), block * 4096, Math.min(4096, 5000 - block * 4096)));
        table.enter(block, sums.value(), SECOND, lineage.claim(block == 0 ? ORIGIN : PEER));
      }
      table.close();
    }
  }

  private FileChannel golden(byte[] bytes) throws IOException {
    Path file = folder.resolve("image");
    Files.write(file, bytes);
    return open(file);
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static byte[] golden() throws IOException {
    return image("content-v" + ContentFile.VERSION + ".img");
  }

  private static byte[] image(String name) throws IOException {
    try (InputStream image = ContentFileTest.class.getResourceAsStream("/golden/" + name)) {
      return image.readAllBytes();
    }
  }
}
