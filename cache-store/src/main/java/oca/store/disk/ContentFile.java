package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A file of content as it lies on a disk, version {@value #VERSION}. All numbers are big-endian.
 *
 * <pre>
 *     offset  bytes
 *          0      8  magic "OCAFILE\n"                +
 *          8      4  format version                   |
 *         12      4  block size                       |
 *         16     16  store id                         |  header: one sector,
 *         32     16  content id                       |  written once
 *         48      8  content length L                 |
 *         56      8  modified, seconds since 1970     |
 *         64     32  SHA-256 of the content           |
 *         96      4  length of the media type         |
 *        100    100  media type, ASCII                |
 *        200    308  zero                             |
 *        508      4  CRC32C of the 508 bytes before   +
 *        512  56x64  provenance, see {@link Lineage}; fills the first page
 *       4096      L  content, beginning on a page
 *     4096+L     4B  checksum of each of the B blocks, see {@link BlockChecksums};
 *                    0: not written yet
 *  4096+L+4B      4  checksum of these 4B bytes; 0: the file is not whole
 * 4100+L+4B      4B  when each block was last verified, seconds since 1970, unsigned
 * 4100+L+8B       B  which provenance each block has, 1 to 56; 0: not known
 * </pre>
 *
 * A file being filled has the same form and full size from the start, under a temporary name: its
 * table, written block by block after the bytes it speaks of, tells a later session which blocks
 * are there. Nothing need reach the disk in order for that: a block counts when bytes and checksum
 * agree. A whole file in which a block is found damaged becomes a file being filled again, with
 * that block missing.
 *
 * <p>Checksums guard the header and the content, not what only explains it: a flipped bit in a
 * provenance or a time makes the explanation wrong (a provenance has a checksum of its own and is
 * then unknown), never the content.
 */
public final class ContentFile {
  /** The version this code writes, and the newest it reads. */
  public static final int VERSION = 2;

  /** Where the content begins, in bytes. */
  public static final int CONTENT_OFFSET = 4096;

  /** The size of the header, in bytes. */
  static final int HEADER_BYTES = 512;

  /** What a block takes in the tables behind the content, in bytes. */
  private static final int BLOCK_ENTRY_BYTES = 4 + 4 + 1;

  private static final long MAGIC = 0x4f434146_494c450aL;
  private static final int CHECKSUM_OFFSET = HEADER_BYTES - Integer.BYTES;
  private static final int MAX_MEDIA_TYPE = 100;
  private static final int MIN_BLOCK = 4096;
  private static final int MAX_BLOCK = 64 << 20;

  private ContentFile() {}

  /**
   * What the first sector says.
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

    /** The same content on another volume. */
    public Header on(UUID otherStore) {
      return new Header(
          otherStore, high, low, length, blockBytes, sha256, mediaType, modifiedSecond);
    }

    /** The size of the whole file in bytes. */
    public long fileBytes() {
      return ContentFile.fileBytes(length, blockBytes);
    }

    /** The number of blocks. */
    public long blocks() {
      return BlockChecksums.blocks(length, blockBytes);
    }

    /** Where a block begins in the content, in bytes. */
    public long blockStart(long block) {
      return block * blockBytes;
    }

    /** Where a block ends in the content, in bytes; the last may be short. */
    public long blockEnd(long block) {
      return Math.min(blockStart(block) + blockBytes, length);
    }

    long checksumOffset(long block) {
      return CONTENT_OFFSET + length + Integer.BYTES * block;
    }

    long tableChecksumOffset() {
      return checksumOffset(blocks());
    }

    long verifiedOffset(long block) {
      return tableChecksumOffset() + Integer.BYTES + Integer.BYTES * block;
    }

    long provenanceOffset(long block) {
      return verifiedOffset(blocks()) + block;
    }
  }

  /** The size on disk of a content, in bytes: header, content and tables. */
  public static long fileBytes(long length, int blockBytes) {
    return CONTENT_OFFSET
        + length
        + BLOCK_ENTRY_BYTES * BlockChecksums.blocks(length, blockBytes)
        + Integer.BYTES;
  }

  /** Whether a block may have this size: whole pages, 4 KiB to 64 MiB. */
  public static boolean validBlock(int blockBytes) {
    return blockBytes >= MIN_BLOCK && blockBytes <= MAX_BLOCK && blockBytes % MIN_BLOCK == 0;
  }

  /** Writes the header into a new file that has its full size already, all zero. */
  public static void create(FileChannel channel, Header header) throws IOException {
    writeFully(channel, encode(header), 0);
  }

  /**
   * Reads the header.
   *
   * @throws OutdatedFileException when an older version wrote it, which this one does not read
   * @throws BadFileException when it is torn, altered or not ours
   * @throws StoreRefusedException when a newer version wrote it
   */
  public static Header readHeader(FileChannel channel) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(HEADER_BYTES);
    readFully(channel, sector, 0);
    sector.flip();
    if (sector.getLong() != MAGIC) {
      throw new BadFileException("it does not begin as a file of content does");
    }
    int version = sector.getInt();
    if (version < VERSION && version > 0) {
      throw new OutdatedFileException(
          "it has format %d, and this version reads %d".formatted(version, VERSION));
    }
    CRC32C crc = new CRC32C();
    crc.update(sector.array(), 0, CHECKSUM_OFFSET);
    if ((int) crc.getValue() != sector.getInt(CHECKSUM_OFFSET)) {
      throw new BadFileException("its header does not match the header's checksum");
    }
    if (version > VERSION) {
      throw StoreRefusedException.newer(
          "a file of content", version, VERSION, "empty the volume, it is refilled");
    }
    return decode(sector);
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

  static ByteBuffer encode(Header header) {
    ByteBuffer sector = ByteBuffer.allocate(HEADER_BYTES);
    byte[] mediaType = header.mediaType().getBytes(StandardCharsets.US_ASCII);
    sector.putLong(MAGIC).putInt(VERSION).putInt(header.blockBytes());
    sector.putLong(header.storeId().getMostSignificantBits());
    sector.putLong(header.storeId().getLeastSignificantBits());
    sector.putLong(header.high()).putLong(header.low());
    sector.putLong(header.length()).putLong(header.modifiedSecond());
    sector.put(HexFormat.of().parseHex(header.sha256()));
    sector.putInt(mediaType.length).put(mediaType);
    CRC32C crc = new CRC32C();
    crc.update(sector.array(), 0, CHECKSUM_OFFSET);
    return sector.putInt(CHECKSUM_OFFSET, (int) crc.getValue()).clear();
  }

  private static Header decode(ByteBuffer sector) throws BadFileException {
    int blockBytes = sector.getInt();
    UUID storeId = new UUID(sector.getLong(), sector.getLong());
    long high = sector.getLong();
    long low = sector.getLong();
    long length = sector.getLong();
    long modifiedSecond = sector.getLong();
    byte[] sha256 = new byte[32];
    sector.get(sha256);
    int mediaTypeBytes = sector.getInt();
    if (!validBlock(blockBytes)
        || length < 0
        || mediaTypeBytes < 0
        || mediaTypeBytes > MAX_MEDIA_TYPE) {
      throw new BadFileException("its header names sizes that cannot be");
    }
    byte[] mediaType = new byte[mediaTypeBytes];
    sector.get(mediaType);
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

  /** Writes all remaining bytes at a position. */
  public static void writeFully(FileChannel channel, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /**
   * Fills the rest of a buffer from a position.
   *
   * @throws BadFileException when the file ends before
   */
  public static void readFully(FileChannel channel, ByteBuffer bytes, long position)
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
