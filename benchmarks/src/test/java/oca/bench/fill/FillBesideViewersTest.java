package oca.bench.fill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it measures; what it measures on a machine that others use is no bar. */
class FillBesideViewersTest {
  @TempDir Path folder;

  @Test
  void run_short_tellsBothAndComparesEachByte() {
    StringWriter out = new StringWriter();
    int code =
        FillBesideViewers.run(
            new PrintWriter(out, true),
            "--rounds=1",
            "--slices=1",
            "--seconds=1",
            "--cap=8MiB",
            "--limit=1000",
            "--folder=" + folder);
    assertEquals(0, code, out.toString());
    assertTrue(out.toString().contains("p99 ratio"), out.toString());
  }
}
