package oca.fill.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oca.fill.evaluate.Tables.Limits;
import oca.fill.evaluate.Tables.TableRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {
  private static final String HEAD = "period,region,file,size_bytes,bytes_streamed\n";

  @TempDir private Path folder;

  @Test
  void read_columnsInAnyOrderWithQuotesMarkAndMore_isTheSame() throws IOException {
    DemandTable table =
        read("\uFEFFfile,note,bytes_streamed, period ,size_bytes,region\r\n"
                + "\"a, \"\"b\"\"\",x,5e2,2026-01-02,100,r\r\n"
                + "\r\n"
                + "c,,250.0,2026-01-01,50,r")
            .table();
    assertEquals(2, table.periods());
    assertEquals("2026-01-01", table.label(0));
    assertEquals("c", table.file(0));
    assertEquals("a, \"b\"", table.file(1));
    assertEquals(500, table.cell(1, 0).amount(0));
    assertEquals(150, table.bytes());
  }

  @Test
  void read_rowsOfOneFileAndPeriod_addUpAndSizesFollow() throws IOException {
    DemandTable table =
        read(HEAD + "2,r,a,10,1\n1,r,a,10,2\n1,r,a,10,3\n4,r,a,20,1\n5,r,a,10,1\n").table();
    assertEquals(4, table.rows());
    assertEquals(5, table.cell(0, 0).amount(0));
    assertEquals(10, table.sizes(0).bytes()[0]);
    assertEquals(0, table.sizes(1).files().length);
    assertEquals(20, table.sizes(2).bytes()[0]);
    assertEquals(10, table.sizes(3).bytes()[0]);
    assertEquals(10, table.bytes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x,r,a,1,1|period",
        "2026-02-30,r,a,1,1|period",
        "2026-01-01,,a,1,1|region",
        "2026-01-01,r,,1,1|file",
        "2026-01-01,r,a,0,1|size_bytes",
        "2026-01-01,r,a,-5,1|size_bytes",
        "2026-01-01,r,a,NaN,1|size_bytes",
        "2026-01-01,r,a,1,1e300|bytes_streamed",
        "2026-01-01,r,a,1,-1|bytes_streamed",
        "2026-01-01,r,a,1|line",
        "2026-01-01,r,\"a,1,1|line",
        "2026-01-01,r,\"a\"b,1,1|line"
      })
  void read_rowThatCannotBeUsed_isRefusedWithItsLineAndTheOthersAreUsed(String row, String reason)
      throws IOException {
    Tables.Read read = read(HEAD + "2026-01-01,r,good,1,1\n" + row + "\n2026-01-02,r,good,1,1\n");
    assertEquals(2, read.table().rows());
    BadRows.Summary bad = read.refused().get("demand");
    assertEquals(java.util.Map.of(reason, 1L), bad.byReason());
    String example = bad.examples().getFirst();
    assertTrue(example.contains("demand.csv:3: ") && example.matches(".*(;|: ).*"), example);
  }

  @Test
  void read_manyBadRows_areAllCountedAndTenShown() throws IOException {
    Tables.Read read = read(HEAD + "1,r,a,1,1\n" + "1,r,a,bad\u0007,1\n".repeat(5_000));
    BadRows.Summary bad = read.refused().get("demand");
    assertEquals(5_000, bad.rows());
    assertEquals(10, bad.examples().size());
    assertTrue(bad.examples().getFirst().contains("\"bad?\""), bad.examples().getFirst());
  }

  @Test
  void read_endlessLine_isPassedOver() throws IOException {
    Tables.Read read = read(HEAD + "1,r,a,1,1\n" + "x".repeat(3_000_000) + "\n2,r,a,1,1\n");
    assertEquals(2, read.table().rows());
    assertEquals(1, read.refused().get("demand").rows());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "a,b\n1,2\n",
        HEAD,
        HEAD + "x\n",
        "period,period,region,file\n1,1,1,1\n"
      })
  void read_unusableFile_isRefusedByName(String text) {
    TableRefusedException e = assertThrows(TableRefusedException.class, () -> read(text));
    assertTrue(e.getMessage().contains("demand.csv: "), e.getMessage());
  }

  @Test
  void read_beyondALimit_saysWhichOption() {
    String rows = HEAD + "1,r,a,1,1\n1,r,b,1,1\n1,r,c,1,1\n";
    assertTrue(refused(rows, new Limits(2, 9, 9, 9)).contains("--max-rows"));
    assertTrue(refused(rows, new Limits(9, 2, 9, 9)).contains("--max-files"));
    assertTrue(
        refused(HEAD + "1,r,a,1,1\n2,s,a,1,1\n", new Limits(9, 9, 1, 9)).contains("regions"));
    assertTrue(
        refused(HEAD + "1,r,a,1,1\n2,s,a,1,1\n", new Limits(9, 9, 9, 1)).contains("periods"));
  }

  @Test
  void read_packed_isUnpacked() throws IOException {
    Path file = folder.resolve("d.csv.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((HEAD + "2026-01-01T05,r,a,1,1\n").getBytes(StandardCharsets.UTF_8));
    }
    DemandTable table = Tables.read(file, null, null, Limits.DEFAULT).table();
    assertEquals(Periods.HOURS, table.kind());
    assertEquals("2026-01-01T05", table.label(0));
  }

  @Test
  void read_calendar_ordersFilesByReleaseAndRefusesWhatContradicts() throws IOException {
    Path calendar =
        Files.writeString(
            folder.resolve("c.csv"),
            """
            file,release_period,kind,prior
            new,2026-01-02,film,3.5
            new,2026-01-09,film,
            old,2025-12-01,film
            bad,someday,film,1
            worse,2026-01-01,film,-1
            """);
    Tables.Read read =
        Tables.read(
            write(HEAD + "2026-01-01,r,a,1,1\n2026-01-05,r,new,1,1\n"),
            calendar,
            null,
            Limits.DEFAULT);
    assertEquals(List.of("old", "new", "a"), List.of(name(read, 0), name(read, 1), name(read, 2)));
    assertEquals(2, read.table().releases().size());
    assertEquals(
        java.util.Map.of("file", 1L, "release_period", 1L, "prior", 1L),
        read.refused().get("calendar").byReason());
  }

  @Property(tries = 300)
  void read_anyBytes_neverBreaksAndCountsEachLineOnce(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    String[] parts = {
      "1",
      "2",
      ",",
      ",",
      ",",
      "\n",
      "\"",
      "r",
      "a",
      "\r",
      "-",
      "e9",
      "\u0000",
      "é",
      "9".repeat(30),
      ";"
    };
    StringBuilder text = new StringBuilder(HEAD + "1,r,a,1,1\n");
    for (int i = random.nextInt(400); i > 0; i--) {
      text.append(random.nextInt(5) == 0 ? "\n1,r,b,2,3\n" : parts[random.nextInt(parts.length)]);
    }
    CsvLines lines =
        new CsvLines(new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
    long count = 0;
    while (lines.next()) {
      count++;
      for (int field = 0; field < lines.fields(); field++) {
        lines.text(field);
        lines.number(field);
      }
    }
    Path file = Files.createTempFile("demand", ".csv");
    try {
      Files.writeString(file, text);
      Tables.Read read = Tables.read(file, null, null, Limits.DEFAULT);
      long refused = read.refused().get("demand").rows();
      assertTrue(read.table().rows() + refused <= count, "seed " + seed);
      assertTrue(read.table().rows() >= 1, "seed " + seed);
    } finally {
      Files.delete(file);
    }
  }

  private static String name(Tables.Read read, int file) {
    return read.table().file(file);
  }

  private String refused(String text, Limits limits) {
    return assertThrows(
            TableRefusedException.class, () -> Tables.read(write(text), null, null, limits))
        .getMessage();
  }

  private Tables.Read read(String text) throws IOException {
    return Tables.read(write(text), null, null, Limits.DEFAULT);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("demand.csv"), text);
  }
}
