package oca.server.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import oca.server.caching.CacheKey;
import oca.server.caching.FieldSection;
import oca.server.purge.Kind;
import oca.server.purge.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a clean stop leaves of pulled content, byte by byte as format 1 was first written: it stays
 * readable, and of another format nothing is used.
 */
class FormatsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Label LABEL =
      new Label(
          new CacheKey("s/v", "http://a/b?c"),
          200,
          FieldSection.of("A", "b", "C", "\u00e4"),
          "accept:x\n",
          1,
          2,
          3,
          List.of("t", "u"),
          FieldSection.of("D", ""));
  private static final String LABEL_1 =
      "0100000003732f760000000c687474703a2f2f612f623f63000000c8000000020000000141000000"
          + "0162000000014300000002c3a4000000096163636570743a780a0000000000000001000000000000"
          + "0002000000000000000300000002000000017400000001750100000001000000014400000000";
  private static final Ledger LEDGER =
      new Ledger(
          7,
          List.of(new Rule(5, "vod", Kind.PREFIX, "/a/", true)),
          List.of(new Ledger.Version("live", "match", "1", "2")));
  private static final String LEDGER_1 =
      "0000000100000000000000070000000100000000000000050003766f64000670726566697800032f"
          + "612f010000000100046c69766500056d61746368000131000132";

  @TempDir Path folder;

  @Test
  void label_ofFormat1_isWrittenAndReadAsEver() {
    assertEquals(LABEL_1, HEX.formatHex(LABEL.bytes()));
    assertEquals(LABEL, Label.read(HEX.parseHex(LABEL_1)));
  }

  @Test
  void label_ofANewerFormat_isNotRead() {
    byte[] newer = HEX.parseHex(LABEL_1);
    newer[0] = 2;
    assertNull(Label.read(newer));
  }

  @Test
  void ledger_ofFormat1_isWrittenAndReadAsEver() throws IOException {
    LEDGER.write(folder);
    assertEquals(LEDGER_1, HEX.formatHex(Files.readAllBytes(folder.resolve("orders"))));
    assertEquals(LEDGER, Ledger.take(folder));
    assertNull(Ledger.take(folder), "it is there once");
  }

  @Test
  void ledger_ofANewerFormat_isNotReadAndNotBelievedLater() throws IOException {
    byte[] newer = HEX.parseHex(LEDGER_1);
    newer[3] = 2;
    assertNotNull(Files.write(folder.resolve("orders"), newer));
    assertNull(Ledger.take(folder));
    assertNull(Ledger.take(folder));
  }
}
