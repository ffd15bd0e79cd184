package oca.steering.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import oca.protocol.Wire;
import oca.protocol.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet on disk, so that a service that starts knows whom to expect.
 *
 * <pre>
 *   oca-fleet 1 crc32c=1f2e3d4c bytes=123456\n     the format's version, and what follows
 *   {"saved":"2026-11-22T16:00:00Z","entries":[    one {@link FleetRecord} as JSON
 * </pre>
 *
 * <p>Written beside its place, synced, and renamed: whoever reads finds the one before or the one
 * after. It is a help and no truth: a file that is damaged, too large, or of another version is
 * left alone with a line in the log, and the service starts as without one. One thread at a time.
 */
public final class FleetFile {
  private static final Logger log = LoggerFactory.getLogger(FleetFile.class);
  private static final int VERSION = 1;
  private static final int LONGEST_HEAD = 100;
  private static final Pattern HEAD =
      Pattern.compile("oca-fleet (\\d{1,9}) crc32c=([0-9a-f]{8}) bytes=(\\d{1,10})");

  private final Path file;
  private final int maxBytes;

  /**
   * That file.
   *
   * @param maxBytes a longer one is neither written nor read
   */
  public FleetFile(Path file, int maxBytes) {
    this.file = file.toAbsolutePath();
    this.maxBytes = maxBytes;
  }

  /**
   * Puts the record in place of the one before; on disk when this returns.
   *
   * @throws IOException when it could not; the one before is still there then
   */
  public void save(FleetRecord record) throws IOException {
    byte[] body = Wire.write(record);
    if (body.length > maxBytes) {
      throw new IOException(
          "the fleet takes " + body.length + " bytes, more than " + maxBytes + " in " + file);
    }
    String head =
        "oca-fleet " + VERSION + " crc32c=" + checksum(body) + " bytes=" + body.length + "\n";
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException("not a file: " + file);
    }
    Files.createDirectories(folder);
    Path beside = folder.resolve(file.getFileName() + ".new");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(out, head.getBytes(StandardCharsets.US_ASCII));
      writeAll(out, body);
      out.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
      entry.force(true);
    }
  }

  /** What was saved last; empty when there is nothing that can be used. Never fails. */
  public Optional<FleetRecord> load() {
    try {
      if (Files.size(file) > (long) maxBytes + LONGEST_HEAD) {
        throw new IOException("it has more than " + maxBytes + " bytes");
      }
      return Optional.of(read(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      log.info("no fleet was saved in {}; members are known when they are heard", file);
    } catch (IOException e) {
      log.warn("{} is not used, members are known when they are heard: {}", file, e.getMessage());
    }
    return Optional.empty();
  }

  private static FleetRecord read(byte[] bytes) throws IOException {
    int end = 0;
    while (end < Math.min(bytes.length, LONGEST_HEAD) && bytes[end] != '\n') {
      end++;
    }
    Matcher head = HEAD.matcher(new String(bytes, 0, end, StandardCharsets.US_ASCII));
    if (!head.matches()) {
      throw new IOException("it does not begin like a saved fleet");
    }
    if (Integer.parseInt(head.group(1)) != VERSION) {
      throw new IOException("it is of version " + head.group(1) + ", not " + VERSION);
    }
    byte[] body = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
    if (Long.parseLong(head.group(3)) != body.length || !checksum(body).equals(head.group(2))) {
      throw new IOException("it is damaged: its checksum is not that of its content");
    }
    try {
      return Wire.read(body, FleetRecord.class);
    } catch (WireException e) {
      throw new IOException("it cannot be understood: " + e.getMessage(), e);
    }
  }

  private static void writeAll(FileChannel out, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      out.write(left);
    }
  }

  private static String checksum(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
