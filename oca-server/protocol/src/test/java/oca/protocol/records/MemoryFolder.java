package oca.protocol.records;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A folder in memory whose disk can be made to be full, or to fail. */
final class MemoryFolder implements RecordFolder {
  private final SortedMap<String, byte[]> files = new TreeMap<>();

  /** Bytes that may still be written; a write beyond it is written in part. */
  private long room = Long.MAX_VALUE;

  private boolean broken;
  private boolean cutsFail;

  synchronized void room(long bytes) {
    room = bytes;
  }

  synchronized void broken(boolean on) {
    broken = on;
  }

  synchronized void cutsFail(boolean on) {
    cutsFail = on;
  }

  synchronized void put(String name, String text) {
    files.put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  synchronized List<String> names() {
    return List.copyOf(files.keySet());
  }

  synchronized String text(String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  /** All files of lines, oldest first. */
  synchronized String lines() {
    StringBuilder all = new StringBuilder();
    files.forEach(
        (name, bytes) ->
            all.append(name.contains(".gz") ? "" : new String(bytes, StandardCharsets.UTF_8)));
    return all.toString();
  }

  synchronized long bytes() {
    return files.values().stream().mapToLong(it -> it.length).sum();
  }

  @Override
  public synchronized void open() throws IOException {
    check();
  }

  @Override
  public synchronized List<Entry> list() throws IOException {
    check();
    return files.entrySet().stream()
        .map(it -> new Entry(it.getKey(), it.getValue().length))
        .toList();
  }

  @Override
  public synchronized OpenFile create(String name) throws IOException {
    check();
    if (files.putIfAbsent(name, new byte[0]) != null) {
      throw new FileAlreadyExistsException(name);
    }
    return new MemoryFile(name);
  }

  @Override
  public synchronized InputStream read(String name) throws IOException {
    return new ByteArrayInputStream(held(name));
  }

  @Override
  public synchronized long cutToWholeLines(String name) throws IOException {
    byte[] bytes = held(name);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    files.put(name, Arrays.copyOf(bytes, end));
    return (long) bytes.length - end;
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    byte[] bytes = held(from);
    files.remove(from);
    files.put(to, bytes);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    check();
    files.remove(name);
  }

  @Override
  public synchronized void sync() throws IOException {
    check();
  }

  @Override
  public void close() {}

  private void check() throws IOException {
    if (broken) {
      throw new IOException("Input/output error");
    }
  }

  private byte[] held(String name) throws IOException {
    check();
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new NoSuchFileException(name);
    }
    return bytes;
  }

  private final class MemoryFile implements OpenFile {
    private final String name;

    MemoryFile(String name) {
      this.name = name;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      synchronized (MemoryFolder.this) {
        byte[] now = held(name);
        byte[] more = new byte[(int) Math.min(room, bytes.remaining())];
        bytes.get(more);
        room -= more.length;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(now);
        all.writeBytes(more);
        files.put(name, all.toByteArray());
        if (bytes.hasRemaining()) {
          throw new IOException(name + ": No space left on device");
        }
      }
    }

    @Override
    public void cut(long bytes) throws IOException {
      synchronized (MemoryFolder.this) {
        byte[] now = held(name);
        if (cutsFail) {
          throw new IOException("Input/output error");
        }
        files.put(name, Arrays.copyOf(now, (int) bytes));
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (MemoryFolder.this) {
        check();
      }
    }

    @Override
    public void close() {}
  }
}
