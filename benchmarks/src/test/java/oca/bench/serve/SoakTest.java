package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runs beside the comparison, in small. */
@Timeout(120)
class SoakTest {
  @TempDir Path folder;

  private final StringWriter printed = new StringWriter();

  @Test
  void good_lostOrUncounted_isNot() {
    assertTrue(new Soak.Result("x", 10, 10, "", 10, 1, 0, 0, 0).good());
    assertFalse(new Soak.Result("x", 10, 9, "", 10, 1, 0, 0, 0).good());
    assertFalse(new Soak.Result("x", 10, 10, "a wrong byte", 10, 1, 0, 0, 0).good());
    assertFalse(new Soak.Result("x", 10, 10, "", 9, 1, 0, 0, 0).good());
  }

  @Test
  void run_soak_losesNothing() {
    assertEquals(
        0, Soak.run(out(), options("--requests=300", "--servers=oca-nio")), printed::toString);
  }

  @Test
  void run_idleConnections_keepsAll() {
    assertEquals(
        0,
        IdleConnections.run(out(), options("--connections=50", "--servers=oca-nio")),
        printed::toString);
  }

  private PrintWriter out() {
    return new PrintWriter(printed, true);
  }

  private String[] options(String... more) {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(
        List.of(
            "--file=1MiB",
            "--server-cpus=",
            "--client-cpus=",
            "--jvm-options=" + System.getProperty("oca.jvm.options"),
            "--data=" + folder.resolve("data"),
            "--out=" + folder));
    return options.toArray(String[]::new);
  }
}
