package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import oca.operate.Stage.Told;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in an archive for support, and that no secret that was planted is. */
class BundleTest {
  private static final String SECRET = "s3cr3t-of-the-test";

  @TempDir Path folder;

  @Test
  void bundle_secretsPlantedEverywhere_holdsNoneOfThem() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), SECRET + "-in-a-file-of-its-own\n");
    Path config =
        Files.writeString(
            folder.resolve("fill.yaml"),
            """
            database: %s
            origin: {catalog: "http://me:%s@origin.example/c", content: "http://origin.example"}
            regions: [{id: net, prefixes: [10.1.0.0/16], sites: [north]}]
            jobs: { jdbcUrl: "jdbc:postgresql://db/fill?password=%s", user: fill }
            """
                .formatted(folder.resolve("db"), SECRET, SECRET));
    Path log =
        Files.writeString(
            folder.resolve("oca.log"),
            """
            12:00 GET /v1/status Authorization: Bearer %s
            12:01 token=%s refused
            -----BEGIN PRIVATE KEY-----
            %s
            -----END PRIVATE KEY-----
            12:02 all is well
            """
                .formatted(SECRET, SECRET, SECRET));
    try (Stage stage = new Stage(folder)) {
      Path file = folder.resolve("bundle.tar.gz");
      Told told =
          Stage.run(
              new SupportCommand(),
              "bundle",
              "--admin",
              stage.socket.toString(),
              "--steering",
              stage.steeringUrl(),
              "--controller",
              stage.controllerUrl(),
              "--token-file",
              token.toString(),
              "-c",
              config.toString(),
              "--log",
              log.toString(),
              "--log",
              folder + "/none.log",
              "--no-journal",
              "--file",
              file.toString());
      assertEquals(0, told.status(), told.all());
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      Map<String, String> files = unpacked(file);
      files.forEach((name, text) -> assertFalse(text.contains(SECRET), name));
      assertFalse(told.all().contains(SECRET), told.all());
      assertTrue(files.get("appliance/status.json").contains("\"north-1\""));
      assertTrue(files.get("appliance/metrics.txt").contains("oca_requests_total"));
      assertTrue(files.get("steering/fleet.json").contains("south-1"));
      assertTrue(files.get("config/fill.yaml").contains("jobs.user: fill"), files.toString());
      assertTrue(files.get("config/fill.yaml").contains("password=" + Redactor.MARK));
      assertTrue(files.get("log/oca.log").contains("12:02 all is well"));
      assertTrue(files.get("doctor.json").contains("findings"));
      String list = files.get("READ-ME.txt");
      assertTrue(list.contains("log/none.log: "), list);
      assertTrue(list.contains("controller/engine.json: "), list);
      assertTrue(list.contains("log/oca.log (3 redacted)"), list);
      Told again =
          Stage.run(new SupportCommand(), "bundle", "--no-journal", "--file", file.toString());
      assertEquals(1, again.status());
      assertTrue(again.err().contains("is there already"), again.err());
    }
  }

  @Test
  void bundle_nobodyAnswers_isMadeAllTheSame() throws Exception {
    Path file = folder.resolve("b.tar.gz");
    Told told =
        Stage.run(
            new SupportCommand(),
            "bundle",
            "--admin",
            folder + "/none.sock",
            "--steering",
            "http://127.0.0.1:1",
            "--controller",
            "http://127.0.0.1:1",
            "--no-journal",
            "--file",
            file.toString());
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("appliance/status.json: nobody answers at"), told.out());
    assertTrue(unpacked(file).containsKey("versions.txt"));
  }

  /** Reads the archive by the letter of its form, sums included. */
  private static Map<String, String> unpacked(Path file) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      while (true) {
        byte[] head = in.readNBytes(512);
        assertEquals(512, head.length);
        if (head[0] == 0) {
          assertEquals(512, in.readNBytes(512).length);
          assertEquals(-1, in.read());
          return files;
        }
        assertEquals("ustar", text(head, 257, 5));
        int sum = Integer.parseInt(text(head, 148, 6), 8);
        int counted = 8 * ' ';
        for (int i = 0; i < head.length; i++) {
          counted += i >= 148 && i < 156 ? 0 : head[i] & 0xff;
        }
        assertEquals(counted, sum);
        int length = Integer.parseInt(text(head, 124, 11), 8);
        byte[] content = in.readNBytes(length);
        in.skipNBytes((512 - length % 512) % 512);
        files.put(
            text(head, 0, 100).replaceFirst("^oca-support/", ""),
            new String(content, StandardCharsets.UTF_8));
      }
    }
  }

  private static String text(byte[] head, int at, int most) {
    String text = new String(head, at, most, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
