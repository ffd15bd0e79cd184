package oca.operate;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of record files, read while the appliance writes and renames: each record once, a line
 * that is being written not before it is whole.
 */
public final class RecordFiles {
  private static final Pattern NAME =
      Pattern.compile("(serve-\\d{8}T\\d{6}\\.\\d{3}Z)\\.jsonl(\\.open|\\.gz)?");
  private static final DateTimeFormatter BEGUN =
      DateTimeFormatter.ofPattern("'serve-'yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int STEP = 64 << 10;
  private static final int LONGEST = 1 << 20;

  private final Path folder;
  private String newest = "";
  private long taken;

  /** Of that folder; nothing is read yet. */
  public RecordFiles(Path folder) {
    this.folder = folder;
  }

  /** All lines in the order of their writing, but for files that ended before that time. */
  public void read(@Nullable Instant since, Consumer<String> lines) throws IOException {
    List<String> stems = new ArrayList<>(stems().keySet());
    for (int i = 0; i < stems.size(); i++) {
      boolean isOver = i + 1 < stems.size() && since != null && begun(stems.get(i + 1), since);
      if (!isOver) {
        newest = stems.get(i);
        taken = 0;
        read(lines);
      }
    }
  }

  /** What was written since. */
  void follow(Consumer<String> lines) throws IOException {
    if (!newest.isEmpty()) {
      read(lines);
    }
    for (String stem : stems().tailMap(newest, newest.isEmpty()).keySet()) {
      newest = stem;
      taken = 0;
      read(lines);
    }
  }

  /** Whether a file was begun before that time, and so the one before it ended. */
  private static boolean begun(String stem, Instant since) {
    return BEGUN.parse(stem, Instant::from).isBefore(since);
  }

  private NavigableMap<String, Path> stems() throws IOException {
    TreeMap<String, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "serve-*")) {
      for (Path file : files) {
        var matcher = NAME.matcher(String.valueOf(file.getFileName()));
        if (matcher.matches()) {
          found.put(matcher.group(1), file);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new IOException(
          "there is no folder " + folder + "; is records.file configured? Name it by --folder", e);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  /** The newest file from where reading stopped; it may change its name at any moment. */
  private void read(Consumer<String> lines) throws IOException {
    for (String end : List.of(".jsonl.open", ".jsonl", ".jsonl.gz")) {
      Path file = folder.resolve(newest + end);
      try {
        if (end.endsWith(".gz")) {
          readCompressed(file, lines);
        } else {
          readPlain(file, lines);
        }
        return;
      } catch (NoSuchFileException e) {
        // Renamed just now: it is found under the next name, or was deleted to keep the limits.
      }
    }
  }

  private void readPlain(Path file, Consumer<String> lines) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      channel.position(taken);
      ByteBuffer step = ByteBuffer.allocate(STEP);
      java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
      while (channel.read(step) >= 0) {
        step.flip();
        while (step.hasRemaining()) {
          byte b = step.get();
          if (b == '\n') {
            taken += line.size() + 1;
            lines.accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else if (line.size() < LONGEST) {
            line.write(b);
          } else {
            throw new IOException(file + " has a line of more than " + LONGEST + " bytes");
          }
        }
        step.clear();
      }
    }
  }

  private void readCompressed(Path file, Consumer<String> lines) throws IOException {
    try (InputStream bytes =
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)), STEP);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      bytes.skipNBytes(taken);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        taken += line.getBytes(StandardCharsets.UTF_8).length + 1;
        lines.accept(line);
      }
    }
  }
}
