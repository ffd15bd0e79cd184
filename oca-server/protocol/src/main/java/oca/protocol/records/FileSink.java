package oca.protocol.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into files of lines, as their {@link RecordForm} has them.
 *
 * <p>The present file is written by the sink's thread alone, some hundred lines at once, and always
 * ends with a whole line between two writes. A write that fails is cut off again; the file is
 * closed, and the next try begins another. When even that fails, the file is left as it is and
 * treated like one that a crash left: before the next file is begun, what follows its last line end
 * is cut off. Nothing is ever appended to a file that this sink did not begin.
 *
 * <p>Of a batch that was refused half way, what was written is not written again: {@link #taken}
 * remembers it. Only when the disk refuses even the cut may lines be there twice.
 */
final class FileSink<T> implements RecordSink<T> {
  private static final int CHUNK = 256 << 10;

  private final RecordForm.Lines<T> lines;
  private final RecordFileConfig config;
  private final RecordFolder folder;
  private final InstantSource clock;
  private final RotatedFiles files;
  private ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private final Semaphore rotations = new Semaphore(0);
  private @Nullable Thread compressor;
  private boolean ready;
  private RecordFolder.@Nullable OpenFile present;
  private String name = "";
  private Instant begun = Instant.EPOCH;
  private long bytes;
  private long sequence;
  private int taken;

  /** The lines of the next record, made but not written yet; empty when there are none. */
  private byte[] made = {};

  /**
   * Touches nothing yet.
   *
   * @param clock for the names and ages of files
   */
  FileSink(RecordForm<T> form, RecordFileConfig config, RecordFolder folder, InstantSource clock) {
    this.lines = form.lines();
    this.config = config;
    this.folder = folder;
    this.clock = clock;
    this.files = new RotatedFiles(form.kind(), config, folder);
  }

  /** What became of files. Any thread. */
  FilesStatus status() {
    return files.status();
  }

  @Override
  public String name() {
    return "file";
  }

  @Override
  public void write(RecordBatch<T> batch) throws IOException {
    if (batch.sequence() != sequence) {
      sequence = batch.sequence();
      taken = 0;
      made = new byte[0];
    }
    while (taken < batch.records().size()) {
      RecordFolder.OpenFile file = presentFile();
      int next = fill(batch.records());
      if (next == taken) {
        rotate();
      } else {
        append(file);
        taken = next;
      }
    }
  }

  @Override
  public void tick() throws IOException {
    prepare();
    if (present != null) {
      Duration age = Duration.between(begun, clock.instant());
      // A clock that was set back would otherwise keep a file open for as long again.
      if (age.compareTo(config.maxAge()) >= 0 || age.isNegative()) {
        rotate();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (folder) {
      if (compressor != null) {
        compressor.interrupt();
      }
      if (present != null) {
        rotate();
      }
    }
  }

  /** Encodes lines into the chunk, as many as it and the present file take; where it stopped. */
  private int fill(List<T> records) {
    chunk.clear();
    long room = Math.min(chunk.capacity(), config.maxFile().bytes() - bytes);
    int next = taken;
    while (next < records.size()) {
      if (made.length == 0) {
        made = lines.of(records.get(next));
      }
      if (made.length > room - chunk.position()) {
        if (next == taken && bytes == 0) {
          next = alone(next);
        }
        break;
      }
      chunk.put(made);
      made = new byte[0];
      next++;
    }
    chunk.flip();
    return next;
  }

  /** A record that no file has room for, or no chunk: it gets a file by itself, if it may. */
  private int alone(int next) {
    if (!lines.mayExceed()) {
      throw new IllegalArgumentException("a record of " + made.length + " bytes");
    }
    chunk = ByteBuffer.allocateDirect(made.length);
    chunk.put(made);
    made = new byte[0];
    return next + 1;
  }

  private void append(RecordFolder.OpenFile file) throws IOException {
    int length = chunk.remaining();
    try {
      file.append(chunk);
      if (config.sync() == RecordFileConfig.Sync.WRITE) {
        file.sync();
      }
      bytes += length;
    } catch (IOException e) {
      abandon(file, e);
      throw e;
    }
  }

  private void abandon(RecordFolder.OpenFile file, IOException why) {
    present = null;
    ready = false;
    try (file) {
      file.cut(bytes);
    } catch (IOException e) {
      // Told with the failure that led here; the next try closes the file off.
      why.addSuppressed(e);
    }
  }

  private RecordFolder.OpenFile presentFile() throws IOException {
    RecordFolder.OpenFile open = present;
    if (open != null) {
      return open;
    }
    prepare();
    files.prune();
    begun = clock.instant();
    name = files.next(begun);
    open = folder.create(name);
    present = open;
    bytes = 0;
    made = new byte[0];
    lines.begin();
    return open;
  }

  /** After a start or a failure: puts in order what was left. */
  private void prepare() throws IOException {
    if (ready) {
      return;
    }
    folder.open();
    files.closeOff();
    if (config.gzip() && compressor == null) {
      files.deleteParts();
      compressor = Thread.ofPlatform().daemon().name("records-gzip").start(this::compress);
    }
    files.prune();
    ready = true;
    rotations.release();
  }

  private void rotate() throws IOException {
    RecordFolder.OpenFile file = present;
    if (file == null) {
      return;
    }
    present = null;
    ready = false;
    try (file) {
      if (config.sync() != RecordFileConfig.Sync.NEVER) {
        file.sync();
      }
    }
    files.rotate(name);
    ready = true;
    rotations.release();
  }

  private void compress() {
    try {
      while (true) {
        rotations.acquire();
        rotations.drainPermits();
        files.compress();
      }
    } catch (InterruptedException e) {
      // The sink is closed; what is not compressed yet is after the next start.
      Thread.currentThread().interrupt();
    }
  }
}
