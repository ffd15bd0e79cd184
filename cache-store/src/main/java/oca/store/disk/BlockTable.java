package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * The tables behind the content of one file, see {@link ContentFile}: which blocks are there,
 * whether they are what was written, when they were last verified and where they came from.
 *
 * <p>Keeps one buffer for all reading. For one thread at a time; blocks on the disk.
 */
public final class BlockTable {
  private static final int READ_BYTES = 256 << 10;

  private final FileChannel channel;
  private final ContentFile.Header header;
  private final BlockChecksums sums;
  private ByteBuffer buffer;

  /** Over an open file with this header. */
  public BlockTable(FileChannel channel, ContentFile.Header header) {
    this.channel = channel;
    this.header = header;
    this.sums = new BlockChecksums(header.high(), header.low());
    // Millions of files are opened for their tables alone, most of them short.
    this.buffer =
        ByteBuffer.allocate(Math.clamp(Integer.BYTES * header.blocks(), Integer.BYTES, READ_BYTES));
  }

  /**
   * Over an open file with this header, reading by a buffer of the caller's.
   *
   * @param scratch as in {@link #BlockTable(FileChannel, ContentFile.Header)}; a small one is not
   *     used to read blocks by
   */
  public BlockTable(FileChannel channel, ContentFile.Header header, ByteBuffer scratch) {
    this.channel = channel;
    this.header = header;
    this.sums = new BlockChecksums(header.high(), header.low());
    this.buffer = scratch;
  }

  /** Enters a block whose bytes were written before. */
  public void enter(long block, int checksum, long second, int provenance) throws IOException {
    writeInt(checksum, header.checksumOffset(block));
    writeVerified(block, second);
    write(ByteBuffer.allocate(1).put((byte) provenance).flip(), header.provenanceOffset(block));
  }

  /** Says that a block is not there. */
  public void clear(long block) throws IOException {
    writeInt(BlockChecksums.UNWRITTEN, header.checksumOffset(block));
  }

  /** Notes when a block was found to be what was written. */
  public void writeVerified(long block, long second) throws IOException {
    writeInt((int) second, header.verifiedOffset(block));
  }

  /** Notes when all blocks were found to be what was written. */
  public void writeAllVerified(long second) throws IOException {
    long blocks = header.blocks();
    for (long block = 0; block < blocks; block += buffer.limit() / Integer.BYTES) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), Integer.BYTES * (blocks - block)));
      while (buffer.hasRemaining()) {
        buffer.putInt((int) second);
      }
      write(buffer.flip(), header.verifiedOffset(block));
    }
  }

  /** Takes what is known of the blocks, one after the other. */
  @FunctionalInterface
  public interface Origins {
    /**
     * Of the next block.
     *
     * @param provenance as {@link #provenance}
     * @param verified as {@link #verified}
     */
    void next(int provenance, long verified);
  }

  /** Shows of each block, in order, where it came from and when it was last verified. */
  public void visitOrigins(Origins taker) throws IOException {
    ByteBuffer slots = ByteBuffer.allocate(buffer.capacity() / Integer.BYTES);
    long blocks = header.blocks();
    for (long block = 0; block < blocks; block += slots.limit()) {
      slots.clear().limit((int) Math.min(slots.capacity(), blocks - block));
      ContentFile.readFully(channel, slots, header.provenanceOffset(block));
      buffer.clear().limit(Integer.BYTES * slots.limit());
      ContentFile.readFully(channel, buffer, header.verifiedOffset(block));
      slots.flip();
      buffer.flip();
      while (slots.hasRemaining()) {
        taker.next(Byte.toUnsignedInt(slots.get()), Integer.toUnsignedLong(buffer.getInt()));
      }
    }
  }

  /** When a block was last verified, in seconds since 1970; 0 when it is not there. */
  public long verified(long block) throws IOException {
    return Integer.toUnsignedLong(readInt(header.verifiedOffset(block)));
  }

  /** Which provenance a block has, 1 to {@value Lineage#SLOTS}; 0 or another when not known. */
  public int provenance(long block) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    ContentFile.readFully(channel, one, header.provenanceOffset(block));
    return Byte.toUnsignedInt(one.get(0));
  }

  /** The checksum of a block as the table has it. */
  public int checksum(long block) throws IOException {
    return readInt(header.checksumOffset(block));
  }

  /** Closes the table once all blocks were entered. The caller then syncs the file. */
  public void close() throws IOException {
    writeInt(tableChecksum(), header.tableChecksumOffset());
  }

  /** Opens a table that was closed: the file is not whole any more. */
  public void reopen() throws IOException {
    writeInt(BlockChecksums.UNWRITTEN, header.tableChecksumOffset());
  }

  /**
   * Checks what can be checked without reading the content: the size and the table.
   *
   * @throws BadFileException when the file is not whole
   */
  public void checkWhole() throws IOException {
    ContentFile.checkSize(channel, header);
    if (tableChecksum() != readInt(header.tableChecksumOffset())) {
      throw new BadFileException("its table of checksums does not match the table's checksum");
    }
  }

  /**
   * Reads a block and compares it with its checksum.
   *
   * @param tap is shown what was read, part by part, whether it matches or not
   */
  public boolean matches(long block, Consumer<ByteBuffer> tap) throws IOException {
    int most = Math.min(READ_BYTES, header.blockBytes());
    if (buffer.capacity() < most) {
      buffer = ByteBuffer.allocate(most);
    }
    sums.begin(block);
    long to = header.blockEnd(block);
    for (long at = header.blockStart(block); at < to; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      ContentFile.readFully(channel, buffer, ContentFile.CONTENT_OFFSET + at);
      sums.update(buffer.flip());
      tap.accept(buffer.rewind());
    }
    int due = checksum(block);
    return due != BlockChecksums.UNWRITTEN && sums.value() == due;
  }

  /** Reads a block and compares it with its checksum. */
  public boolean matches(long block) throws IOException {
    return matches(block, part -> part.position(part.limit()));
  }

  /** Which blocks the table says are there, without a look at them. */
  public BitSet written() throws IOException {
    BitSet written = new BitSet();
    ByteBuffer part = buffer;
    long blocks = header.blocks();
    for (long block = 0; block < blocks; ) {
      part.clear().limit((int) Math.min(part.capacity(), Integer.BYTES * (blocks - block)));
      ContentFile.readFully(channel, part, header.checksumOffset(block));
      for (part.flip(); part.hasRemaining(); block++) {
        if (part.getInt() != BlockChecksums.UNWRITTEN) {
          written.set((int) block);
        }
      }
    }
    return written;
  }

  /**
   * Reads all content and compares it with the checksums.
   *
   * @throws BadFileException when a block differs
   */
  public void verify() throws IOException {
    checkWhole();
    for (long block = 0; block < header.blocks(); block++) {
      if (!matches(block)) {
        throw new BadFileException("block " + block + " does not match its checksum");
      }
    }
  }

  private int tableChecksum() throws IOException {
    sums.beginTable();
    long at = header.checksumOffset(0);
    for (long left = header.tableChecksumOffset() - at; left > 0; left -= buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), left));
      ContentFile.readFully(channel, buffer, at);
      at += buffer.limit();
      sums.update(buffer.flip());
    }
    return sums.value();
  }

  private void writeInt(int value, long position) throws IOException {
    write(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip(), position);
  }

  private void write(ByteBuffer bytes, long position) throws IOException {
    ContentFile.writeFully(channel, bytes, position);
  }

  private int readInt(long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    ContentFile.readFully(channel, bytes, position);
    return bytes.getInt(0);
  }
}
