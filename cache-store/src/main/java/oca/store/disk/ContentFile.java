package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A file of content as it lies on a disk, version {@value #VERSION}. All numbers are big-endian.
 *
 * <pre>
 *   offset  bytes
 *        0      8  magic "OCAFILE\n"                 +
 *        8      4  format version                    |
 *       12      4  block size                        |
 *       16     16  store id                          |
 *       32     16  content id                        |  header: one page,
 *       48      8  content length L                  |  so that the content
 *       56      8  modified, seconds since 1970      |  begins on a page
 *       64     32  SHA-256 of the content            |
 *       96      4  length of the media type          |
 *      100    100  media type, ASCII                 |
 *      200   3892  zero                              |
 *     4092      4  CRC32C of the 4092 bytes before   +
 *     4096      L  content
 *   4096+L     4B  checksum of each of the B blocks, see {@link BlockChecksums}; 0: not written yet
 * 4096+L+4B     4  checksum of these 4B bytes; 0: the file is not whole yet
 * </pre>
 *
 * A file being filled has the same form and full size from the start, under a temporary name: its
 * table, written block by block after the bytes it speaks of, tells a later session how far the
 * content can be trusted. Nothing need reach the disk in order for that: a block counts when bytes
 * and checksum agree.
 */
public final class ContentFile {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 1;

  /** Where the content begins, in bytes. */
  public static final int CONTENT_OFFSET = 4096;

  private static final long MAGIC = 0x4f434146_494c450aL;
  private static final int HEADER_CHECKSUM_OFFSET = CONTENT_OFFSET - Integer.BYTES;
  private static final int MAX_MEDIA_TYPE = 100;
  private static final int MIN_BLOCK = 4096;
  private static final int MAX_BLOCK = 64 << 20;
  private static final int READ_BYTES = 256 << 10;

  private ContentFile() {}

  /**
   * What the first page says.
   *
   * @param storeId of the volume the file was written for
   * @param high the upper half of the content id
   * @param low the lower half of the content id
   * @param length of the content in bytes
   * @param blockBytes see {@link ContentFile#validBlock}
   * @param sha256 of the content, 64 lower-case hexadecimal digits
   * @param mediaType at most 100 bytes of ASCII
   * @param modifiedSecond seconds since 1970
   */
  public record Header(
      UUID storeId,
      long high,
      long low,
      long length,
      int blockBytes,
      String sha256,
      String mediaType,
      long modifiedSecond) {

    /** The size of the whole file in bytes. */
    public long fileBytes() {
      return ContentFile.fileBytes(length, blockBytes);
    }

    /** The number of blocks. */
    public long blocks() {
      return BlockChecksums.blocks(length, blockBytes);
    }

    private long tableOffset() {
      return CONTENT_OFFSET + length;
    }
  }

  /** The size on disk of a content, in bytes: header, content and checksums. */
  public static long fileBytes(long length, int blockBytes) {
    return CONTENT_OFFSET
        + length
        + Integer.BYTES * BlockChecksums.blocks(length, blockBytes)
        + Integer.BYTES;
  }

  /** Whether a block may have this size: whole pages, 4 KiB to 64 MiB. */
  public static boolean validBlock(int blockBytes) {
    return blockBytes >= MIN_BLOCK && blockBytes <= MAX_BLOCK && blockBytes % MIN_BLOCK == 0;
  }

  /** Writes the header of an empty file and gives it its full size, with an empty table. */
  public static void create(FileChannel channel, Header header) throws IOException {
    writeFully(channel, encode(header), 0);
    writeInt(channel, 0, header.fileBytes() - Integer.BYTES);
  }

  /** Puts the checksum of a block that was written into the table. */
  public static void writeChecksum(FileChannel channel, Header header, long block, int checksum)
      throws IOException {
    writeInt(channel, checksum, header.tableOffset() + Integer.BYTES * block);
  }

  /** Closes the table once all blocks were written. The caller then syncs the file. */
  public static void writeTableChecksum(FileChannel channel, Header header) throws IOException {
    writeInt(channel, tableChecksum(channel, header), header.fileBytes() - Integer.BYTES);
  }

  /**
   * Reads the header.
   *
   * @throws BadFileException when it is torn, altered or not ours
   * @throws StoreRefusedException when a newer version wrote it
   */
  public static Header readHeader(FileChannel channel) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(CONTENT_OFFSET);
    readFully(channel, page, 0);
    page.flip();
    if (page.getLong() != MAGIC) {
      throw new BadFileException("it does not begin as a file of content does");
    }
    CRC32C crc = new CRC32C();
    crc.update(page.array(), 0, HEADER_CHECKSUM_OFFSET);
    if ((int) crc.getValue() != page.getInt(HEADER_CHECKSUM_OFFSET)) {
      throw new BadFileException("its header does not match the header's checksum");
    }
    int version = page.getInt();
    if (version > VERSION) {
      throw new StoreRefusedException(
          "a file of content has format %d, this version reads up to %d: install the newer version"
              .formatted(version, VERSION));
    }
    return decode(page);
  }

  /**
   * Checks what can be checked without reading the content: the size and the table.
   *
   * @throws BadFileException when the file is not whole
   */
  public static void checkWhole(FileChannel channel, Header header) throws IOException {
    checkSize(channel, header);
    int announced = readInt(channel, header.fileBytes() - Integer.BYTES);
    if (tableChecksum(channel, header) != announced) {
      throw new BadFileException("its table of checksums does not match the table's checksum");
    }
  }

  /**
   * Checks the size.
   *
   * @throws BadFileException when it is another than the header says
   */
  public static void checkSize(FileChannel channel, Header header) throws IOException {
    if (channel.size() != header.fileBytes()) {
      throw new BadFileException(
          "it has %d bytes where %d are due".formatted(channel.size(), header.fileBytes()));
    }
  }

  /**
   * Reads all content and compares it with the checksums.
   *
   * @throws BadFileException when a block differs
   */
  public static void verify(FileChannel channel, Header header) throws IOException {
    checkWhole(channel, header);
    BlockReader reader = new BlockReader(channel, header);
    for (long block = 0; block < header.blocks(); block++) {
      if (!reader.matches(block, null)) {
        throw new BadFileException("block " + block + " does not match its checksum");
      }
    }
  }

  /**
   * How many bytes from the start are there and match their checksums: whole blocks only.
   *
   * @param digest takes in exactly these bytes
   */
  public static long verifiedBytes(FileChannel channel, Header header, MessageDigest digest)
      throws IOException {
    checkSize(channel, header);
    BlockReader reader = new BlockReader(channel, header);
    long block = 0;
    while (block < header.blocks() && reader.matches(block, null)) {
      reader.matches(block, digest);
      block++;
    }
    return Math.min(block * header.blockBytes(), header.length());
  }

  static ByteBuffer encode(Header header) {
    ByteBuffer page = ByteBuffer.allocate(CONTENT_OFFSET);
    byte[] mediaType = header.mediaType().getBytes(StandardCharsets.US_ASCII);
    page.putLong(MAGIC).putInt(VERSION).putInt(header.blockBytes());
    page.putLong(header.storeId().getMostSignificantBits());
    page.putLong(header.storeId().getLeastSignificantBits());
    page.putLong(header.high()).putLong(header.low());
    page.putLong(header.length()).putLong(header.modifiedSecond());
    page.put(HexFormat.of().parseHex(header.sha256()));
    page.putInt(mediaType.length).put(mediaType);
    CRC32C crc = new CRC32C();
    crc.update(page.array(), 0, HEADER_CHECKSUM_OFFSET);
    return page.putInt(HEADER_CHECKSUM_OFFSET, (int) crc.getValue()).clear();
  }

  private static Header decode(ByteBuffer page) throws BadFileException {
    int blockBytes = page.getInt();
    UUID storeId = new UUID(page.getLong(), page.getLong());
    long high = page.getLong();
    long low = page.getLong();
    long length = page.getLong();
    long modifiedSecond = page.getLong();
    byte[] sha256 = new byte[32];
    page.get(sha256);
    int mediaTypeBytes = page.getInt();
    if (!validBlock(blockBytes)
        || length < 0
        || mediaTypeBytes < 0
        || mediaTypeBytes > MAX_MEDIA_TYPE) {
      throw new BadFileException("its header names sizes that cannot be");
    }
    byte[] mediaType = new byte[mediaTypeBytes];
    page.get(mediaType);
    return new Header(
        storeId,
        high,
        low,
        length,
        blockBytes,
        HexFormat.of().formatHex(sha256),
        new String(mediaType, StandardCharsets.US_ASCII),
        modifiedSecond);
  }

  private static int tableChecksum(FileChannel channel, Header header) throws IOException {
    BlockChecksums sums = new BlockChecksums(header.high(), header.low());
    sums.beginTable();
    long left = Integer.BYTES * header.blocks();
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(READ_BYTES, left));
    for (long at = header.tableOffset(); left > 0; ) {
      part.clear().limit((int) Math.min(part.capacity(), left));
      readFully(channel, part, at);
      at += part.position();
      left -= part.position();
      sums.update(part.flip());
    }
    return sums.value();
  }

  /** Reads blocks and compares them; keeps one buffer for all. */
  private static final class BlockReader {
    private final FileChannel channel;
    private final Header header;
    private final BlockChecksums sums;
    private final ByteBuffer part;

    BlockReader(FileChannel channel, Header header) {
      this.channel = channel;
      this.header = header;
      this.sums = new BlockChecksums(header.high(), header.low());
      this.part = ByteBuffer.allocate(Math.min(READ_BYTES, header.blockBytes()));
    }

    boolean matches(long block, @org.jspecify.annotations.Nullable MessageDigest digest)
        throws IOException {
      long from = block * header.blockBytes();
      long to = Math.min(from + header.blockBytes(), header.length());
      sums.begin(block);
      for (long at = from; at < to; at += part.limit()) {
        part.clear().limit((int) Math.min(part.capacity(), to - at));
        readFully(channel, part, CONTENT_OFFSET + at);
        sums.update(part.flip());
        if (digest != null) {
          digest.update(part.rewind());
        }
      }
      return sums.value() == readInt(channel, header.tableOffset() + Integer.BYTES * block);
    }
  }

  /** Writes all remaining bytes at a position. */
  public static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  private static void writeInt(FileChannel channel, int value, long position) throws IOException {
    writeFully(channel, ByteBuffer.allocate(Integer.BYTES).putInt(value).flip(), position);
  }

  private static int readInt(FileChannel channel, long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    readFully(channel, bytes, position);
    return bytes.getInt(0);
  }

  private static void readFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, at);
      if (read < 0) {
        throw new BadFileException("it ends at byte " + at + ", too early");
      }
      at += read;
    }
  }
}
