package oca.whatif;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import oca.operate.RecordFiles;
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import oca.protocol.WireException;

/** A server's files of serve records ({@code records.file}). */
public final class ServedFiles {
  private ServedFiles() {}

  /**
   * Reads all of a folder, also while it is written to.
   *
   * @return lines that are no records
   * @throws IOException when there is no such folder, or it cannot be read
   */
  public static long read(Path folder, Consumer<ServeRecord> each) throws IOException {
    long[] malformed = {0};
    new RecordFiles(folder)
        .read(
            null,
            line -> {
              try {
                each.accept(Wire.read(line.getBytes(StandardCharsets.UTF_8), ServeRecord.class));
              } catch (WireException e) {
                malformed[0]++;
              }
            });
    return malformed[0];
  }
}
