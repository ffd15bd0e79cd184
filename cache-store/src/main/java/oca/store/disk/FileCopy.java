package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Copies a whole file of content to another volume: every block is compared with its checksum as it
 * passes, and tables and provenance go along. The copy is durable under its temporary name when it
 * is done, and is to be published by the caller.
 *
 * <p>For one thread; blocks on both disks.
 */
public final class FileCopy {
  private static final int PART = 64 << 10;

  private final Disk source;
  private final Disk target;

  /** Whether viewers have any of the file in memory: then the copy stays there too. */
  private boolean hot;

  /** Is told of every block before it is read. */
  public interface Pace {
    /**
     * So many bytes are about to be read; may block.
     *
     * @return false to give up
     */
    boolean take(long bytes);
  }

  /**
   * A write that failed, as opposed to a read: it speaks against the target's disk and not the
   * source's.
   */
  public static final class TargetException extends IOException {
    private static final long serialVersionUID = 1;
    private final IOException failure;

    TargetException(IOException failure) {
      super(failure.getMessage(), failure);
      this.failure = failure;
    }

    /** What the target's disk said. */
    public IOException failure() {
      return failure;
    }
  }

  /** Says of an error that the target's disk made it. */
  public static TargetException failedOnTarget(IOException failure) {
    return new TargetException(failure);
  }

  /** From one disk to another. */
  public FileCopy(Disk source, Disk target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Copies one file.
   *
   * @param header of the source
   * @param storeId of the target's volume
   * @param second of the verification that the copying is, since 1970
   * @return false when it was given up; a part of a file is left then, as after every exception
   * @throws BadFileException when the source is not what was written
   * @throws TargetException when the target's disk fails
   * @throws IOException when the source's disk fails
   */
  public boolean copy(
      Path from, ContentFile.Header header, Path to, UUID storeId, long second, Pace pace)
      throws IOException {
    try (OpenFile read = source.open(from, Disk.Mode.SCAN)) {
      if (!ContentFile.readHeader(read.channel()).equals(header)) {
        throw new BadFileException("its header is not the one it had");
      }
      BlockTable table = new BlockTable(read.channel(), header);
      table.checkWhole();
      try (OpenFile written = create(to, header.fileBytes())) {
        return copy(read, table, header, written, storeId, second, pace);
      }
    }
  }

  private OpenFile create(Path to, long bytes) throws TargetException {
    try {
      target.delete(to);
      OpenFile made = target.open(to, Disk.Mode.WRITE);
      boolean good = false;
      try {
        target.allocate(made, bytes);
        good = true;
        return made;
      } finally {
        if (!good) {
          made.close();
        }
      }
    } catch (IOException e) {
      throw new TargetException(e);
    }
  }

  private boolean copy(
      OpenFile read,
      BlockTable table,
      ContentFile.Header header,
      OpenFile written,
      UUID storeId,
      long second,
      Pace pace)
      throws IOException {
    FileChannel out = written.channel();
    write(out, ContentFile.encode(header.on(storeId)), 0);
    copyPart(read, out, ContentFile.HEADER_BYTES, ContentFile.CONTENT_OFFSET);
    hot = false;
    for (long block = 0; block < header.blocks(); block++) {
      if (!pace.take(header.blockEnd(block) - header.blockStart(block))) {
        return false;
      }
      if (!copyBlock(read, table, header, out, block)) {
        throw new BadFileException("block " + block + " does not match its checksum");
      }
    }
    copyPart(read, out, header.checksumOffset(0), header.fileBytes());
    try {
      new BlockTable(out, header).writeAllVerified(second);
      out.force(true);
      if (!hot) {
        target.leaveMemory(written, 0, header.fileBytes());
      }
    } catch (IOException e) {
      throw new TargetException(e);
    }
    return true;
  }

  private boolean copyBlock(
      OpenFile read, BlockTable table, ContentFile.Header header, FileChannel out, long block)
      throws IOException {
    long start = ContentFile.CONTENT_OFFSET + header.blockStart(block);
    long bytes = header.blockEnd(block) - header.blockStart(block);
    boolean ofUse = source.inMemory(read, start, bytes);
    TargetException[] failed = {null};
    long[] at = {start};
    boolean good =
        table.matches(
            block,
            part -> {
              long length = part.remaining();
              try {
                if (failed[0] == null) {
                  write(out, part, at[0]);
                }
              } catch (TargetException e) {
                failed[0] = e;
              }
              at[0] += length;
            });
    hot |= ofUse;
    if (!ofUse) {
      source.leaveMemory(read, start, bytes);
    }
    if (failed[0] != null) {
      throw failed[0];
    }
    return good;
  }

  private static void copyPart(OpenFile read, FileChannel out, long from, long to)
      throws IOException {
    ByteBuffer part = ByteBuffer.allocate((int) Math.min(PART, to - from));
    for (long at = from; at < to; at += part.limit()) {
      part.clear().limit((int) Math.min(part.capacity(), to - at));
      ContentFile.readFully(read.channel(), part, at);
      write(out, part.flip(), at);
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes, long position)
      throws TargetException {
    try {
      ContentFile.writeFully(out, bytes, position);
    } catch (IOException e) {
      throw new TargetException(e);
    }
  }
}
