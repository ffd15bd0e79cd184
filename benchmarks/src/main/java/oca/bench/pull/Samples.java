package oca.bench.pull;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Samples on their way from the client to the harness, in a file. */
final class Samples {
  private Samples() {}

  static void write(Path file, List<Sample> samples) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(samples.size());
      for (Sample sample : samples) {
        out.writeInt(sample.connection());
        out.writeLong(sample.object());
        out.writeLong(sample.offset());
        out.writeLong(sample.length());
        out.writeLong(sample.askedAt());
        out.writeLong(sample.firstAt());
        out.writeLong(sample.lastAt());
        out.writeInt(sample.status());
        out.writeUTF(sample.mark().name());
      }
    }
  }

  static List<Sample> read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int count = in.readInt();
      List<Sample> samples = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        samples.add(
            new Sample(
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                Sample.Mark.valueOf(in.readUTF())));
      }
      return samples;
    }
  }
}
