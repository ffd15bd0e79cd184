package oca.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks of one file came from: {@value #SLOTS} slots between header and content, and for
 * each block the number of its slot. Every session that fills or repairs a file takes a slot for
 * each source it fetches from, once, however often it comes back to that source. Of a file that
 * needs more of them, the oldest are written over: their blocks are told as the later writer's.
 *
 * <pre>
 *   offset  bytes   of a slot; slot n of 1 to 56 begins at 512 + 64 (n - 1)
 *        0     24  source, ASCII, padded with zeros: an appliance's id or "origin"
 *       24      8  fill job
 *       32      8  generation of the writer, see {@link #generation}
 *       40      8  plan version
 *       48      4  when, seconds since 1970, unsigned
 *       52      4  CRC32C of the 52 bytes before; a slot that does not match is free
 *       56      8  zero
 * </pre>
 *
 * That is 61 bytes for a block with a slot of its own, and 5 for each that shares one.
 *
 * <p>For one thread at a time; blocks on the disk.
 */
public final class Lineage {
  /** How many slots a file has. */
  public static final int SLOTS = 56;

  /** The longest source kept, in bytes; of a longer one the end is cut off. */
  public static final int MAX_SOURCE = 24;

  /** The source of blocks of which it is not known any more from which of several they came. */
  public static final String SEVERAL = "several";

  private static final int SLOT_BYTES = 64;
  private static final int CHECKSUM_OFFSET = 52;

  private final FileChannel channel;
  private final @Nullable Slot[] slots = new Slot[SLOTS];
  private int damaged;

  /**
   * What one slot says.
   *
   * @param source an appliance's id, or "origin"
   * @param job the fill job's number
   * @param generation of the writer: grows with every writer that supersedes another
   * @param planVersion the plan that wanted the file here
   * @param second seconds since 1970
   */
  public record Slot(String source, long job, long generation, long planVersion, long second) {}

  private Lineage(FileChannel channel) {
    this.channel = channel;
  }

  /** Of a new file: every slot is free. */
  public static Lineage empty(FileChannel channel) {
    return new Lineage(channel);
  }

  /** Reads all slots. */
  public static Lineage read(FileChannel channel) throws IOException {
    Lineage lineage = new Lineage(channel);
    ByteBuffer page = ByteBuffer.allocate(SLOTS * SLOT_BYTES);
    ContentFile.readFully(channel, page, ContentFile.HEADER_BYTES);
    for (int slot = 0; slot < SLOTS; slot++) {
      ByteBuffer bytes = page.slice(slot * SLOT_BYTES, SLOT_BYTES);
      lineage.slots[slot] = decode(bytes);
      lineage.damaged += lineage.slots[slot] == null && !isZero(bytes) ? 1 : 0;
    }
    return lineage;
  }

  /** What slot number 1 to {@value #SLOTS} says; empty for any other, free or damaged one. */
  public Optional<Slot> slot(int number) {
    return number < 1 || number > SLOTS ? Optional.empty() : Optional.ofNullable(slots[number - 1]);
  }

  /** How many slots held something that does not match its checksum when they were read. */
  public int damaged() {
    return damaged;
  }

  /** The highest generation that has written to the file; {@link Long#MIN_VALUE} for none. */
  public long generation() {
    long highest = Long.MIN_VALUE;
    for (Slot slot : slots) {
      if (slot != null) {
        highest = Math.max(highest, slot.generation());
      }
    }
    return highest;
  }

  /** Frees all slots but those with these numbers. */
  public void retain(BitSet inUse) {
    for (int at = 0; at < SLOTS; at++) {
      if (!inUse.get(at + 1)) {
        slots[at] = null;
      }
    }
  }

  /**
   * The slot that says what {@code slot} says but for the time, or else a free one, taken for it.
   *
   * @return its number, or 0 when none is free
   */
  public int claim(Slot slot) throws IOException {
    int known = first(it -> isSame(it, slot));
    if (known >= 0) {
      return known + 1;
    }
    for (int at = 0; at < SLOTS; at++) {
      if (slots[at] == null) {
        return write(at, slot);
      }
    }
    return 0;
  }

  /**
   * When none is free: writes over the oldest slot of the same source, or else over the oldest of
   * all, which is from then on of {@link #SEVERAL}.
   *
   * @return its number
   */
  public int takeOver(Slot slot) throws IOException {
    int at = oldest(slot.source());
    if (at >= 0) {
      return write(at, slot);
    }
    Slot several =
        new Slot(SEVERAL, slot.job(), slot.generation(), slot.planVersion(), slot.second());
    int known = first(it -> isSame(it, several));
    if (known >= 0) {
      return known + 1;
    }
    int before = oldest(SEVERAL);
    return write(before >= 0 ? before : oldest(null), several);
  }

  /** Has slot number 1 to {@value #SLOTS} say what it says with another time. */
  public void renew(int number, long second) throws IOException {
    Slot slot = slots[number - 1];
    if (slot != null) {
      write(
          number - 1,
          new Slot(slot.source(), slot.job(), slot.generation(), slot.planVersion(), second));
    }
  }

  private int write(int at, Slot slot) throws IOException {
    ByteBuffer bytes = encode(slot);
    ContentFile.writeFully(channel, bytes, ContentFile.HEADER_BYTES + (long) at * SLOT_BYTES);
    slots[at] = slot;
    return at + 1;
  }

  private int first(Predicate<Slot> wanted) {
    for (int at = 0; at < SLOTS; at++) {
      Slot slot = slots[at];
      if (slot != null && wanted.test(slot)) {
        return at;
      }
    }
    return -1;
  }

  /** Where the oldest slot of a source is, or of all when none is named; -1 when there is none. */
  private int oldest(@Nullable String source) {
    int oldest = -1;
    long second = Long.MAX_VALUE;
    for (int at = 0; at < SLOTS; at++) {
      Slot slot = slots[at];
      if (slot != null
          && (source == null || kept(slot.source()).equals(kept(source)))
          && slot.second() < second) {
        oldest = at;
        second = slot.second();
      }
    }
    return oldest;
  }

  private static boolean isSame(Slot one, Slot other) {
    return kept(one.source()).equals(kept(other.source()))
        && one.job() == other.job()
        && one.generation() == other.generation()
        && one.planVersion() == other.planVersion();
  }

  /** What is kept of a source. */
  private static String kept(String source) {
    return source.substring(0, Math.min(source.length(), MAX_SOURCE));
  }

  private static ByteBuffer encode(Slot slot) {
    ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES);
    byte[] source = slot.source().getBytes(StandardCharsets.US_ASCII);
    bytes.put(Arrays.copyOf(source, MAX_SOURCE));
    bytes.putLong(slot.job()).putLong(slot.generation()).putLong(slot.planVersion());
    bytes.putInt((int) slot.second());
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, CHECKSUM_OFFSET);
    return bytes.putInt((int) crc.getValue()).clear();
  }

  private static boolean isZero(ByteBuffer bytes) {
    return bytes.mismatch(ByteBuffer.allocate(SLOT_BYTES)) < 0;
  }

  private static @Nullable Slot decode(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, CHECKSUM_OFFSET));
    if ((int) crc.getValue() != bytes.getInt(CHECKSUM_OFFSET)) {
      return null;
    }
    byte[] source = new byte[MAX_SOURCE];
    bytes.get(source);
    int end = 0;
    while (end < MAX_SOURCE && source[end] != 0) {
      end++;
    }
    return new Slot(
        new String(source, 0, end, StandardCharsets.US_ASCII),
        bytes.getLong(),
        bytes.getLong(),
        bytes.getLong(),
        Integer.toUnsignedLong(bytes.getInt()));
  }
}
