package oca.store.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole files where they lie and says what is wrong with each; changes nothing.
 *
 * <p>Bytes that viewers have in memory are compared as they are there, which is what is served; how
 * they are on the disk shows once they have left memory. All other bytes come from the disk, and
 * leave memory again when they were read, so that nothing has to make room for them. No read-ahead
 * is used for that: a block is asked for in parts of 256 KiB.
 *
 * <p>For one thread; blocks on the disk.
 */
public final class FileCheck {
  private final Disk disk;
  private final Layout layout;
  private final UUID storeId;

  /** What a file can suffer from; a file of several has the first of them. */
  public enum Flaw {
    /** It was written for another volume, by a newer version, or by somebody else. */
    FOREIGN("does not belong here"),
    /** It is a file of content in the place of another. */
    MISPLACED("lies in the wrong place"),
    /** It is shorter or longer than its header says. */
    TRUNCATED("has the wrong size"),
    /** Its header is altered, so that nothing can be said of the rest. */
    HEADER("has a damaged header"),
    /** Its table of checksums is altered or was never finished. */
    TABLE("has a damaged table of checksums"),
    /** Blocks of its content are altered or cannot be read. */
    BLOCKS("has damaged blocks"),
    /** The disk fails to read it. */
    UNREADABLE("cannot be read"),
    /** It was held, and there is no such file. */
    MISSING("is not there");

    private final String sentence;

    Flaw(String sentence) {
      this.sentence = sentence;
    }

    /** The flaw as the rest of a sentence that begins with the file. */
    public String sentence() {
      return sentence;
    }
  }

  /** Accompanies the reading. */
  public interface Watch {
    /**
     * So many bytes are about to be read. May block, to keep to a rate.
     *
     * @return false to give up
     */
    boolean take(long bytes);

    /**
     * A part of the content could not be read.
     *
     * @return whether that speaks against its block; otherwise the check fails with the error
     */
    boolean unreadable(IOException error);
  }

  /**
   * What a check has found.
   *
   * @param header when it could be read
   * @param flaw the worst there is, or null
   * @param why a clause that says more of the flaw
   * @param damaged the numbers of damaged blocks
   * @param lostOrigins provenance slots that do not match their checksum and blocks whose slot is
   *     not there: they explain nothing any more, and the content is as good as ever
   * @param complete false when the check was given up
   */
  public record Result(
      ContentFile.@Nullable Header header,
      @Nullable Flaw flaw,
      String why,
      BitSet damaged,
      long lostOrigins,
      boolean complete) {

    /** Of a file with that flaw. */
    public static Result flawed(
        ContentFile.@Nullable Header header, Flaw flaw, @Nullable String why) {
      return new Result(header, flaw, String.valueOf(why), new BitSet(), 0, true);
    }

    /** Whether all was read and is what was written. */
    public boolean good() {
      return flaw == null && complete;
    }
  }

  /**
   * @param storeId that files on this volume carry
   */
  public FileCheck(Disk disk, Layout layout, UUID storeId) {
    this.disk = disk;
    this.layout = layout;
    this.storeId = storeId;
  }

  /**
   * Checks one file.
   *
   * @throws IOException when it cannot be opened or is not there, or as {@link Watch#unreadable}
   *     decides
   */
  public Result check(Path path, Watch watch) throws IOException {
    Disk.Kind kind = disk.kind(path);
    if (Layout.idOf(path) == null || kind == Disk.Kind.FOLDER || kind == Disk.Kind.OTHER) {
      return Result.flawed(null, Flaw.FOREIGN, "it is not a file of content");
    }
    try (OpenFile file = disk.open(path, Disk.Mode.SCAN)) {
      return check(path, file, watch);
    }
  }

  private Result check(Path path, OpenFile file, Watch watch) throws IOException {
    ContentFile.Header header;
    try {
      header = ContentFile.readHeader(file.channel());
    } catch (OutdatedFileException | StoreRefusedException e) {
      return Result.flawed(null, Flaw.FOREIGN, e.getMessage());
    } catch (BadFileException e) {
      boolean cut = file.channel().size() < ContentFile.CONTENT_OFFSET;
      return Result.flawed(null, cut ? Flaw.TRUNCATED : Flaw.HEADER, e.getMessage());
    }
    if (!header.storeId().equals(storeId)) {
      return Result.flawed(
          header, Flaw.FOREIGN, "it was written for another volume, " + header.storeId());
    }
    Path due = layout.contentPath(header.high(), header.low());
    if (!path.equals(due)) {
      return Result.flawed(header, Flaw.MISPLACED, "its place would be " + due);
    }
    try {
      ContentFile.checkSize(file.channel(), header);
    } catch (BadFileException e) {
      return Result.flawed(header, Flaw.TRUNCATED, e.getMessage());
    }
    BlockTable table = new BlockTable(file.channel(), header);
    try {
      table.checkWhole();
    } catch (BadFileException e) {
      return Result.flawed(header, Flaw.TABLE, e.getMessage());
    }
    try {
      return checkBlocks(file, header, table, watch);
    } catch (BadFileException e) {
      // Cut while it was read.
      return Result.flawed(header, Flaw.TRUNCATED, e.getMessage());
    }
  }

  private Result checkBlocks(
      OpenFile file, ContentFile.Header header, BlockTable table, Watch watch) throws IOException {
    BitSet damaged = new BitSet();
    boolean complete = watch.take(header.fileBytes() - header.length());
    for (long block = 0; block < header.blocks() && complete; block++) {
      long bytes = header.blockEnd(block) - header.blockStart(block);
      complete = watch.take(bytes);
      if (complete && !matches(file, header, table, block, watch)) {
        damaged.set((int) block);
      }
    }
    String why =
        damaged.isEmpty()
            ? ""
            : "of its %d blocks %d do not match their checksums, the first is %d"
                .formatted(header.blocks(), damaged.cardinality(), damaged.nextSetBit(0));
    return new Result(
        header,
        damaged.isEmpty() ? null : Flaw.BLOCKS,
        why,
        damaged,
        complete ? lostOrigins(file, table) : 0,
        complete);
  }

  private boolean matches(
      OpenFile file, ContentFile.Header header, BlockTable table, long block, Watch watch)
      throws IOException {
    long at = ContentFile.CONTENT_OFFSET + header.blockStart(block);
    long bytes = header.blockEnd(block) - header.blockStart(block);
    boolean ofUse = disk.inMemory(file, at, bytes);
    try {
      return table.matches(block);
    } catch (IOException e) {
      if (e instanceof BadFileException || !watch.unreadable(e)) {
        throw e;
      }
      // A sector that cannot be read: written anew, the disk puts it elsewhere.
      return false;
    } finally {
      if (!ofUse) {
        disk.leaveMemory(file, at, bytes);
      }
    }
  }

  private static long lostOrigins(OpenFile file, BlockTable table) throws IOException {
    Lineage lineage = Lineage.read(file.channel());
    long[] lost = {lineage.damaged()};
    table.visitOrigins(
        (provenance, verified) ->
            lost[0] += provenance != 0 && lineage.slot(provenance).isEmpty() ? 1 : 0);
    return lost[0];
  }
}
