package oca.protocol.records;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import oca.protocol.records.RecordFolder.Entry;
import oca.protocol.records.RecordFolder.OpenFile;
import org.jspecify.annotations.Nullable;

/**
 * Messages on disk between those who write them and the one who sends them: first in, first out,
 * within a limit of bytes, beyond which the oldest are deleted.
 *
 * <pre>
 * NNNNNNNNNNNNNNNN.spool     a segment; the names count upwards
 *   "OCASPL1\n"              8 bytes
 *   records before it        8 bytes, big endian, as all numbers
 *   told of before it        8 bytes
 *   CRC32C of those          4 bytes
 *   messages, each
 *     length                 4 bytes
 *     records in it          4 bytes
 *     records it tells of    4 bytes: that were dropped before it was written
 *     CRC32C of those and of the message   4 bytes
 *     the message
 * </pre>
 *
 * <p>A segment is begun at each start and whenever one is full; nothing is ever appended to a
 * segment that this process did not begin, so what a crash tore is only ever at an end. Each begins
 * with what was written before it, so that it is known exactly how much is missing, whether files
 * were deleted, damaged or taken away. Messages of which it is not known that they were sent are
 * read again after a start, which their receivers notice by their numbers.
 *
 * <p>One thread writes, one reads; both may call at the same time.
 */
final class Spool implements AutoCloseable {
  /** A message that was read, until {@link #done}. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Frame(Segment segment, byte[] message, int records, int tells) {
    int length() {
      return FRAME_HEAD + message.length;
    }
  }

  /** Records in messages, and records dropped before that messages tell of. */
  private record Load(long records, long tells) {
    static final Load NONE = new Load(0, 0);

    Load plus(long moreRecords, long moreTells) {
      return new Load(records + moreRecords, tells + moreTells);
    }

    Load plus(Load more) {
      return plus(more.records, more.tells);
    }

    Load minus(Load less) {
      return new Load(Math.max(0, records - less.records), Math.max(0, tells - less.tells));
    }
  }

  /** A file. The spool's lock guards all of it. */
  static final class Segment {
    private final String name;
    private final Load before;
    private long end;
    private Load load = Load.NONE;
    private boolean present;
    private boolean begun;
    private boolean read;
    private int pending;

    private Segment(String name, Load before, long end) {
      this.name = name;
      this.before = before;
      this.end = end;
    }
  }

  private static final Pattern NAME = Pattern.compile("(\\d{16})\\.spool");
  private static final long MAGIC = 0x4f434153504c310aL;
  private static final int HEAD = 28;
  private static final int FRAME_HEAD = 16;

  private final KafkaConfig config;
  private final RecordFolder folder;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private boolean open;
  private @Nullable OpenFile file;
  private @Nullable Segment reading;
  private @Nullable InputStream in;
  private long readAt;
  private Load readTo = Load.NONE;
  private long number;
  private Load written = Load.NONE;
  private long lost;
  private long untold;
  private long torn;
  private long damaged;

  /** Touches nothing yet. */
  Spool(KafkaConfig config, RecordFolder folder) {
    this.config = config;
    this.folder = folder;
  }

  /**
   * Finds what earlier processes left; further calls do nothing.
   *
   * @throws IOException when the folder cannot be had or read
   */
  synchronized void open() throws IOException {
    if (open) {
      return;
    }
    folder.open();
    segments.clear();
    List<Entry> left =
        folder.list().stream()
            .filter(it -> NAME.matcher(it.name()).matches())
            .sorted(Comparator.comparing(Entry::name))
            .toList();
    for (Entry entry : left) {
      Matcher name = NAME.matcher(entry.name());
      if (name.matches()) {
        number = Math.max(number, Long.parseLong(name.group(1)));
      }
      Load before = before(entry.name());
      if (before == null) {
        // Nothing in it can be read; what it held counts as the unread rest of the one before.
        if (entry.bytes() >= HEAD) {
          damaged++;
        }
        folder.delete(entry.name());
        continue;
      }
      written = before;
      segments.add(new Segment(entry.name(), before, entry.bytes()));
    }
    weigh();
    open = true;
  }

  /** How much each segment held when it was closed; the last is looked through for that. */
  private void weigh() throws IOException {
    Segment last = segments.peekLast();
    Segment before = null;
    for (Segment segment : segments) {
      if (before != null) {
        before.load = segment.before.minus(before.before);
      }
      before = segment;
    }
    if (last == null) {
      return;
    }
    long length = last.end;
    last.end = HEAD;
    try (InputStream all = folder.read(last.name)) {
      all.skipNBytes(HEAD);
      Frame frame = frame(all, last, length - HEAD);
      while (frame != null) {
        last.end += frame.length();
        last.load = last.load.plus(frame.records(), frame.tells());
        frame = frame(all, last, length - last.end);
      }
    }
    torn += last.end < length ? 1 : 0;
    written = last.before.plus(last.load);
  }

  private @Nullable Load before(String name) throws IOException {
    try (InputStream all = folder.read(name)) {
      byte[] head = all.readNBytes(HEAD);
      if (head.length < HEAD) {
        return null;
      }
      ByteBuffer numbers = ByteBuffer.wrap(head);
      CRC32C sum = new CRC32C();
      sum.update(head, 0, HEAD - 4);
      return numbers.getLong(0) == MAGIC && numbers.getInt(HEAD - 4) == (int) sum.getValue()
          ? new Load(numbers.getLong(8), numbers.getLong(16))
          : null;
    }
  }

  /**
   * Has room for another message, if need be by deleting the oldest. The writer's thread.
   *
   * @return records lost up to now of which no message tells yet, see {@link #append}
   */
  synchronized long room() throws IOException {
    open();
    Segment last = segments.peekLast();
    if (file != null && last != null && last.end >= config.segment().bytes()) {
      rotate();
    }
    if (file == null) {
      prune();
      begin();
    }
    return Math.min(untold, Integer.MAX_VALUE / 2);
  }

  /**
   * Appends a message, after {@link #room}. The writer's thread.
   *
   * @param records in it
   * @param tells records lost before it that it tells of
   * @param ofLost those of them that {@link #room} told of
   */
  synchronized void append(byte[] message, int records, int tells, long ofLost) throws IOException {
    OpenFile to = file;
    Segment last = segments.peekLast();
    if (to == null || last == null) {
      throw new IOException("the segment was just closed");
    }
    ByteBuffer bytes = ByteBuffer.allocate(FRAME_HEAD + message.length);
    bytes.putInt(message.length).putInt(records).putInt(tells);
    bytes.putInt(sum(message.length, records, tells, message)).put(message).flip();
    try {
      to.append(bytes);
      if (config.sync() == RecordFileConfig.Sync.WRITE) {
        to.sync();
      }
    } catch (IOException e) {
      abandon(to, last, e);
      throw e;
    }
    last.end += bytes.limit();
    last.load = last.load.plus(records, tells);
    written = written.plus(records, tells);
    untold -= ofLost;
    notifyAll();
  }

  /** The next message, or null when all were read. The reader's thread. */
  synchronized @Nullable Frame next() throws IOException {
    while (true) {
      Segment segment = reading == null ? turn() : reading;
      if (segment == null) {
        return null;
      }
      if (readAt < segment.end) {
        Frame frame = read(segment);
        if (frame != null) {
          readAt += frame.length();
          readTo = readTo.plus(frame.records(), frame.tells());
          segment.pending++;
          return frame;
        }
        damaged++;
        segment.end = readAt;
        if (segment.present) {
          // What was just written reads otherwise: what follows goes elsewhere.
          rotate();
        }
      }
      if (segment.present) {
        return null;
      }
      leave(segment);
    }
  }

  /** A message was sent, or is given up. The reader's thread. */
  synchronized void done(Frame frame, boolean sent) throws IOException {
    frame.segment().pending--;
    if (!sent) {
      lose(new Load(frame.records(), frame.tells()));
    }
    forget(frame.segment());
  }

  /** Waits for a message to be written; returns early when interrupted. The reader's thread. */
  synchronized void await(Duration patience) throws InterruptedException {
    Segment last = segments.peekLast();
    boolean none =
        reading == null
            ? segments.stream().allMatch(it -> it.read)
            : reading.equals(last) && readAt >= reading.end;
    if (none) {
      TimeUnit.NANOSECONDS.timedWait(this, patience.toNanos());
    }
  }

  /** Whether all that was written is sent or lost. */
  synchronized boolean isEmpty() {
    return segments.stream()
        .allMatch(
            it ->
                it.pending == 0
                    && (it.read || it.end == HEAD || (it.equals(reading) && readAt >= it.end)));
  }

  synchronized long bytes() {
    return segments.stream().mapToLong(it -> it.end).sum();
  }

  synchronized long lost() {
    return lost;
  }

  synchronized long torn() {
    return torn;
  }

  synchronized long damaged() {
    return damaged;
  }

  /** Keeps what was not sent for the next start. */
  @Override
  public synchronized void close() throws IOException {
    try (folder) {
      if (file != null) {
        rotate();
      }
      if (open && isEmpty()) {
        for (Segment segment : segments) {
          folder.delete(segment.name);
        }
        segments.clear();
      }
      endRead();
    }
    open = false;
  }

  private void begin() throws IOException {
    String name = String.format(Locale.ROOT, "%016d.spool", ++number);
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    head.putLong(MAGIC).putLong(written.records()).putLong(written.tells());
    CRC32C sum = new CRC32C();
    sum.update(head.array(), 0, HEAD - 4);
    head.putInt((int) sum.getValue()).flip();
    OpenFile made = folder.create(name);
    try {
      made.append(head);
    } catch (IOException e) {
      try (made) {
        folder.delete(name);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    Segment segment = new Segment(name, written, HEAD);
    segment.present = true;
    segments.add(segment);
    file = made;
  }

  private void rotate() throws IOException {
    OpenFile ended = file;
    Segment last = segments.peekLast();
    if (ended == null || last == null) {
      return;
    }
    file = null;
    last.present = false;
    try (ended) {
      if (config.sync() != RecordFileConfig.Sync.NEVER) {
        ended.sync();
      }
    } finally {
      notifyAll();
    }
    forget(last);
  }

  private void abandon(OpenFile failed, Segment last, IOException why) {
    file = null;
    last.present = false;
    try (failed) {
      failed.cut(last.end);
    } catch (IOException e) {
      // What is behind the end is not read, nor after a start: the sums do not fit, or the base of
      // the next segment says that it does not count.
      why.addSuppressed(e);
    }
  }

  /** Deletes the oldest that nobody has begun to read, until another segment has room. */
  private void prune() throws IOException {
    long most = config.maxSpool().bytes() - config.segment().bytes() - config.message().bytes();
    long bytes = bytes();
    for (Segment oldest : List.copyOf(segments)) {
      if (bytes <= most) {
        return;
      }
      if (!oldest.begun && !oldest.present) {
        folder.delete(oldest.name);
        segments.remove(oldest);
        lose(oldest.load);
        bytes -= oldest.end;
      }
    }
  }

  private @Nullable Segment turn() throws IOException {
    for (Segment segment : List.copyOf(segments)) {
      if (!segment.read) {
        segment.begun = true;
        reading = segment;
        readAt = HEAD;
        readTo = segment.before;
        try {
          beginRead(segment);
          return segment;
        } catch (NoSuchFileException e) {
          // Somebody else deleted it.
          damaged++;
          leave(segment);
        }
      }
    }
    return null;
  }

  private void leave(Segment segment) throws IOException {
    endRead();
    segment.read = true;
    reading = null;
    lose(segment.before.plus(segment.load).minus(readTo));
    forget(segment);
  }

  private void forget(Segment segment) throws IOException {
    if (segment.read && segment.pending == 0 && !segment.present && segments.remove(segment)) {
      folder.delete(segment.name);
    }
  }

  private void lose(Load load) {
    lost += load.records();
    untold += load.records() + load.tells();
  }

  private void endRead() throws IOException {
    InputStream from = in;
    in = null;
    if (from != null) {
      from.close();
    }
  }

  private InputStream beginRead(Segment segment) throws IOException {
    InputStream from = folder.read(segment.name);
    in = from;
    from.skipNBytes(readAt);
    return from;
  }

  private @Nullable Frame read(Segment segment) throws IOException {
    try {
      InputStream from = in;
      Frame frame = frame(from == null ? beginRead(segment) : from, segment, segment.end - readAt);
      if (frame == null) {
        // A stream may have met the end before more was written behind it.
        endRead();
        frame = frame(beginRead(segment), segment, segment.end - readAt);
      }
      return frame;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      endRead();
      throw e;
    }
  }

  /** One message of at most so many bytes; null when it is not whole or not as it was written. */
  private @Nullable Frame frame(InputStream from, Segment segment, long most) throws IOException {
    byte[] head = from.readNBytes(FRAME_HEAD);
    if (head.length < FRAME_HEAD) {
      return null;
    }
    ByteBuffer numbers = ByteBuffer.wrap(head);
    int length = numbers.getInt();
    int records = numbers.getInt();
    int tells = numbers.getInt();
    if (length < 0 || records < 0 || tells < 0 || length > most - FRAME_HEAD) {
      return null;
    }
    byte[] message = from.readNBytes(length);
    return message.length == length && numbers.getInt() == sum(length, records, tells, message)
        ? new Frame(segment, message, records, tells)
        : null;
  }

  private static int sum(int length, int records, int tells, byte[] message) {
    CRC32C sum = new CRC32C();
    sum.update(ByteBuffer.allocate(12).putInt(length).putInt(records).putInt(tells).flip());
    sum.update(message);
    return (int) sum.getValue();
  }
}
