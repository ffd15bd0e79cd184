package oca.protocol.records;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import oca.protocol.records.RecordFolder.Entry;
import oca.protocol.records.RecordFolder.OpenFile;

/**
 * The files that nobody writes any more: their names, how many are kept, how they are compressed.
 *
 * <pre>
 * KIND-20261101T120000.123Z.jsonl.open     the present file, or what a crash left of one
 * KIND-20261101T120000.123Z.jsonl          closed: whole lines only
 * KIND-20261101T120000.123Z.jsonl.gz       closed and compressed
 * KIND-20261101T120000.123Z.jsonl.gz.part  a compressed one being made, or what a crash left
 * </pre>
 *
 * <p>The kind is that of the records, {@code serve} or {@code steering}. The time is when the file
 * was begun, in UTC. Files of other names are left alone. Files are closed and deleted by the
 * sink's thread, compressed by one of their own; the lock keeps a file that was deleted meanwhile
 * from coming back compressed.
 */
final class RotatedFiles {
  private static final String OPEN = ".open";
  private static final String GZIP = ".gz";
  private static final String PART = ".gz.part";
  private static final String TIME = "-\\d{8}T\\d{6}\\.\\d{3}Z\\.jsonl";
  private static final int STEP = 128 << 10;

  private final Pattern closedName;
  private final Pattern leftOpen;
  private final Pattern leftPart;
  private final DateTimeFormatter stamp;
  private final RecordFileConfig config;
  private final RecordFolder folder;
  private final ReentrantLock names = new ReentrantLock();
  private final LongAdder rotated = new LongAdder();
  private final LongAdder torn = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private final LongAdder compressFailures = new LongAdder();

  /** Files of that kind of record: letters. */
  RotatedFiles(String kind, RecordFileConfig config, RecordFolder folder) {
    this.closedName = Pattern.compile(kind + TIME + "(\\.gz)?");
    this.leftOpen = Pattern.compile(kind + TIME + "\\.open");
    this.leftPart = Pattern.compile(kind + TIME + "\\.gz\\.part");
    this.stamp =
        DateTimeFormatter.ofPattern("'" + kind + "-'yyyyMMdd'T'HHmmss.SSS'Z.jsonl'")
            .withZone(ZoneOffset.UTC);
    this.config = config;
    this.folder = folder;
  }

  FilesStatus status() {
    return new FilesStatus(rotated.sum(), torn.sum(), deleted.sum(), compressFailures.sum());
  }

  /** Closes off what a crash or a failed write left; a last line without its end is cut off. */
  void closeOff() throws IOException {
    for (Entry left : folder.list()) {
      if (leftOpen.matcher(left.name()).matches()) {
        long cut = folder.cutToWholeLines(left.name());
        if (cut > 0) {
          torn.increment();
        }
        if (left.bytes() == cut) {
          folder.delete(left.name());
        } else {
          rotate(left.name());
        }
      }
    }
  }

  /** Deletes copies that a crash kept from being finished. Before compressing begins. */
  void deleteParts() throws IOException {
    for (Entry left : folder.list()) {
      if (leftPart.matcher(left.name()).matches()) {
        folder.delete(left.name());
      }
    }
  }

  /** The open name of a file begun now, which no other file has or had. */
  String next(Instant now) throws IOException {
    Set<String> taken =
        folder.list().stream().map(it -> stem(it.name())).collect(Collectors.toSet());
    Instant begun = now.truncatedTo(ChronoUnit.MILLIS);
    while (taken.contains(stamp.format(begun))) {
      begun = begun.plusMillis(1);
    }
    return stamp.format(begun) + OPEN;
  }

  private static String stem(String name) {
    int end = name.indexOf(".jsonl");
    return end < 0 ? name : name.substring(0, end + ".jsonl".length());
  }

  /** Gives a file that was written to its end its closed name. */
  void rotate(String openName) throws IOException {
    folder.rename(openName, stem(openName));
    if (config.sync() != RecordFileConfig.Sync.NEVER) {
      folder.sync();
    }
    rotated.increment();
  }

  /** Deletes the oldest until one more file of full length may be begun. */
  void prune() throws IOException {
    names.lock();
    try {
      List<Entry> closed = closed();
      long bytes = closed.stream().mapToLong(Entry::bytes).sum();
      int count = closed.size();
      for (Entry oldest : closed) {
        if (count < config.maxFiles() && bytes + config.spared() <= config.maxTotal().bytes()) {
          return;
        }
        folder.delete(oldest.name());
        deleted.increment();
        count--;
        bytes -= oldest.bytes();
      }
    } finally {
      names.unlock();
    }
  }

  /** Oldest first. */
  private List<Entry> closed() throws IOException {
    return folder.list().stream()
        .filter(it -> closedName.matcher(it.name()).matches())
        .sorted(Comparator.comparing(Entry::name))
        .toList();
  }

  /** Compresses all that is not yet. One thread at a time; ends early when it is interrupted. */
  void compress() {
    try {
      for (Entry file : closed()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        if (!file.name().endsWith(GZIP)) {
          compress(file.name());
        }
      }
    } catch (IOException e) {
      compressFailures.increment();
    }
  }

  private void compress(String name) throws IOException {
    String part = stem(name) + PART;
    folder.delete(part);
    try {
      copy(name, part);
      names.lock();
      try {
        if (closed().stream().anyMatch(it -> it.name().equals(name))) {
          folder.rename(part, name + GZIP);
          folder.delete(name);
        }
      } finally {
        names.unlock();
      }
    } finally {
      folder.delete(part);
    }
  }

  private void copy(String name, String part) throws IOException {
    try (OpenFile file = folder.create(part);
        InputStream in = folder.read(name)) {
      try (OutputStream out = new GZIPOutputStream(new Appending(file), STEP)) {
        byte[] step = new byte[STEP];
        for (int n = in.read(step); n >= 0; n = in.read(step)) {
          if (Thread.currentThread().isInterrupted()) {
            throw new IOException(part + ": interrupted");
          }
          out.write(step, 0, n);
        }
      }
      if (config.sync() != RecordFileConfig.Sync.NEVER) {
        file.sync();
      }
    }
  }

  /** Writes through to a file, which stays open when this is closed. */
  private static final class Appending extends OutputStream {
    private final OpenFile file;

    Appending(OpenFile file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      file.append(ByteBuffer.wrap(bytes, from, count));
    }
  }
}
