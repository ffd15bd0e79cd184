package oca.bench.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OriginBytesTest {
  @TempDir Path folder;

  @Test
  void fill_masterKilledMidFile_originSendsHardlyMoreThanTheUniqueBytes() {
    StringWriter out = new StringWriter();
    int code =
        OriginBytes.run(
            new PrintWriter(out, true),
            "--appliances=4",
            "--files=3",
            "--size=8MiB",
            "--block=16KiB",
            "--link=8MiB",
            "--folder=" + folder);
    assertEquals(0, code, out.toString());
    assertTrue(out.toString().contains("killed n-"), out.toString());
  }
}
