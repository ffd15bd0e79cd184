package oca.steering.records;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import oca.protocol.WireException;
import org.jspecify.annotations.Nullable;

/**
 * Files of decisions, replayed in their order. Lines are read and understood on the threads of the
 * common pool, a chunk ahead of the one that is decided anew, so memory is two chunks whatever the
 * length.
 */
public final class DecisionFiles {
  private static final int CHUNK = 4096;
  private static final int MAX_LINE = 64 << 20;
  private static final int BUFFER = 1 << 18;

  private DecisionFiles() {}

  /**
   * What was read.
   *
   * @param lines all of them
   * @param decisions lines that held one that could be put again
   * @param malformed lines that could not be understood, or did not follow from those before
   */
  public record Tally(long lines, long decisions, long malformed) {}

  /**
   * The files of a folder, or the one file, oldest first; the one being written is among them.
   *
   * @throws IOException when there is none
   */
  public static List<Path> of(Path place) throws IOException {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    try (Stream<Path> files = Files.list(place)) {
      List<Path> found =
          files
              .filter(
                  it ->
                      it.getFileName()
                          .toString()
                          .matches("steering-[0-9TZ.]+\\.jsonl(\\.gz|\\.open)?"))
              .sorted()
              .toList();
      if (found.isEmpty()) {
        throw new IOException(place + " has no files steering-*.jsonl");
      }
      return found;
    }
  }

  /** Replays them under a change; a line cut short by a crash ends its file. */
  public static Tally replay(List<Path> files, Change change, Consumer<Replay.Pair> each)
      throws IOException {
    Replaying replaying = new Replaying(new Replay(change), each);
    for (Path file : files) {
      try (InputStream in = open(file)) {
        CompletableFuture<List<Object>> next = parsed(in);
        while (true) {
          List<Object> now = joined(next);
          if (now.isEmpty()) {
            break;
          }
          next = parsed(in);
          now.forEach(replaying::take);
        }
      }
    }
    return new Tally(replaying.lines, replaying.decisions, replaying.malformed);
  }

  /** For one thread. */
  private static final class Replaying {
    private final Replay replay;
    private final Consumer<Replay.Pair> each;
    private long lines;
    private long decisions;
    private long malformed;

    Replaying(Replay replay, Consumer<Replay.Pair> each) {
      this.replay = replay;
      this.each = each;
    }

    void take(Object line) {
      lines++;
      if (!(line instanceof Replay.Parsed parsed)) {
        malformed++;
        return;
      }
      Replay.@Nullable Pair pair;
      try {
        pair = replay.take(parsed);
      } catch (IllegalArgumentException e) {
        // Of a line that was lost or altered others may depend; they are counted as well.
        malformed++;
        return;
      }
      if (pair != null) {
        decisions++;
        each.accept(pair);
      }
    }
  }

  private static CompletableFuture<List<Object>> parsed(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return chunk(in).parallelStream().map(DecisionFiles::parsed).toList();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** A line that was understood, or why it was not. */
  private static Object parsed(byte[] line) {
    try {
      return Replay.parse(line);
    } catch (WireException e) {
      return e;
    }
  }

  private static List<Object> joined(CompletableFuture<List<Object>> chunk) throws IOException {
    try {
      return chunk.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException unread) {
        throw unread.getCause();
      }
      throw new IOException("the lines could not be read", e.getCause());
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return new BufferedInputStream(
        file.toString().endsWith(".gz") ? new GZIPInputStream(in, BUFFER) : in, BUFFER);
  }

  /** The next lines; none at the end. */
  private static List<byte[]> chunk(InputStream in) throws IOException {
    List<byte[]> lines = new ArrayList<>(CHUNK);
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    byte[] step = new byte[BUFFER];
    while (lines.size() < CHUNK) {
      in.mark(BUFFER);
      int read = read(in, step);
      if (read < 0) {
        break;
      }
      int from = 0;
      int at = 0;
      while (at < read && lines.size() < CHUNK) {
        if (step[at] == '\n') {
          line.write(step, from, at - from);
          lines.add(line.toByteArray());
          line.reset();
          from = at + 1;
        }
        at++;
      }
      if (lines.size() == CHUNK) {
        in.reset();
        in.skipNBytes(from);
      } else {
        line.write(step, from, read - from);
      }
      if (line.size() > MAX_LINE) {
        throw new IOException("a line of more than " + MAX_LINE + " bytes");
      }
    }
    return lines;
  }

  private static int read(InputStream in, byte[] step) throws IOException {
    try {
      return in.read(step);
    } catch (EOFException e) {
      // A compressed file that was cut short: what came before is good.
      return -1;
    }
  }
}
