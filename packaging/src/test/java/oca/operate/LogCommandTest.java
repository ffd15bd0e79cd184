package oca.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import oca.model.ContentId;
import oca.operate.Stage.Told;
import oca.protocol.ServeRecord;
import oca.protocol.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogCommandTest {
  private static final String FIRST = "serve-20261101T110000.000Z.jsonl";
  private static final String SECOND = "serve-20261101T120000.000Z.jsonl";
  private static final String THIRD = "serve-20261101T130000.000Z.jsonl";

  @TempDir Path folder;

  @BeforeEach
  void write() throws Exception {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(FIRST + ".gz")))) {
      out.write(line("11:30:00", "a/v0.mp4", "198.51.100.0", 206, "part", true));
      out.write(line("11:31:00", "a/v0.mp4", "203.0.113.0", 404, "not-here", true));
    }
    Files.write(
        folder.resolve(SECOND), line("12:30:00", "b/v0.mp4", "2001:db8::", 200, "whole", false));
    append(THIRD + ".open", line("13:30:00", "a/v0.mp4", "198.51.100.0", 503, "busy", true));
    append(THIRD + ".open", "{\"at\":\"2026-11-01T13:3".getBytes(StandardCharsets.UTF_8));
    Files.writeString(folder.resolve("notes.txt"), "not a record\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-n 0|part not-here whole! busy",
        "-n 2|whole! busy",
        "--status 404|not-here",
        "--status 5xx|busy",
        "--outcome part|part",
        "--client 198.51.100.0/24|part busy",
        "--client 198.51.100.77|part busy",
        "--client 2001:db8::1|whole!",
        "--path /a/v0.mp4|part not-here busy",
        "--broken-off|whole!",
        "--slower-than 100000|''",
        "--since 2026-11-01T12:00:00Z|whole! busy",
        "--until 2026-11-01T12:00:00Z|part not-here",
      })
  void log_filters_showWhatFits(String options, String outcomes) {
    Told told = log(options.split(" "));
    assertEquals(outcomes.isEmpty() ? 1 : 0, told.status(), told.all());
    List<String> found =
        told.out().lines().skip(1).map(it -> it.substring(17, 30).strip()).toList();
    assertEquals(outcomes, String.join(" ", found));
    assertTrue(told.out().lines().allMatch(it -> it.length() <= 80), told.out());
  }

  @Test
  void log_asJson_isTheLinesAsWritten() throws Exception {
    Told told = log("--status", "404", "--json");
    ServeRecord record = Wire.read(told.out().getBytes(StandardCharsets.UTF_8), ServeRecord.class);
    assertEquals("not-here", record.outcome());
  }

  @Test
  void log_unusableArguments_areSaid() {
    assertEquals(2, log("--status", "teapot").status());
    assertEquals(2, log("--client", "next door").status());
    assertEquals(2, log("--since", "yesterday").status());
    Told none = Stage.run(new LogCommand(), "--folder", folder + "/none");
    assertEquals(1, none.status());
    assertTrue(none.err().contains("is records.file configured"), none.err());
  }

  @Test
  void follow_linesCompletedAndFilesRotated_eachComesOnce() throws Exception {
    RecordFiles files = new RecordFiles(folder);
    List<String> lines = new ArrayList<>();
    files.read(null, lines::add);
    assertEquals(4, lines.size());
    append(THIRD + ".open", "1:00Z\",\"outcome\":\"late\"}\n".getBytes(StandardCharsets.UTF_8));
    files.follow(lines::add);
    assertEquals(5, lines.size());
    append(THIRD + ".open", line("13:32:00", "c", "198.51.100.0", 200, "whole", true));
    Files.move(folder.resolve(THIRD + ".open"), folder.resolve(THIRD));
    append(
        "serve-20261101T140000.000Z.jsonl.open",
        line("14:00:00", "d", "198.51.100.0", 200, "whole", true));
    files.follow(lines::add);
    files.follow(lines::add);
    assertEquals(7, lines.size(), lines.toString());
    assertTrue(lines.getLast().contains("14:00:00"), lines.toString());
  }

  private Told log(String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    args.addAll(List.of("--folder", folder.toString()));
    return Stage.run(new LogCommand(), args.toArray(String[]::new));
  }

  private void append(String name, byte[] bytes) throws Exception {
    Files.write(folder.resolve(name), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static byte[] line(
      String time, String path, String client, int status, String outcome, boolean complete) {
    ServeRecord record =
        new ServeRecord(
            Instant.parse("2026-11-01T" + time + "Z"),
            ContentId.ofPath(path),
            client,
            status,
            0,
            1_500_000,
            complete,
            12_300,
            outcome);
    return (new String(Wire.write(record), StandardCharsets.UTF_8) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
