package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import oca.config.ConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {
  private static final Path EXAMPLE = Path.of("examples", "appliance.yaml");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void check_goodFile_isInOrder() {
    assertEquals(0, run("check", EXAMPLE.toString(), "examples/fill.yaml"));
    assertEquals(EXAMPLE + ": in order\nexamples/fill.yaml: in order\n", out.toString());
  }

  /** As the packages install them. */
  @ParameterizedTest
  @ValueSource(strings = {"appliance", "fill", "steering"})
  void check_packagedFile_isInOrder(String process) {
    assertEquals(0, run("check", "rpm/etc/" + process + ".yaml"), out::toString);
  }

  @Test
  void check_problems_showTheLineWithACaret() throws Exception {
    Path file =
        Files.writeString(folder.resolve("origin.yaml"), "admn: \"127.0.0.1:0\"\nfolder: /srv\n");
    assertEquals(Oca.BAD_CONFIG, run("check", file.toString()));
    assertTrue(
        out.toString()
            .startsWith(
                file
                    + ":1:1: unknown key \"admn\"; did you mean \"admin\"?\n"
                    + "    admn: \"127.0.0.1:0\"\n"
                    + "    ^\n"),
        out.toString());
  }

  @Test
  void check_fileOfAnyName_wantsToBeToldWhatItIs() throws Exception {
    Path file = Files.copy(EXAMPLE, folder.resolve("a.yaml"));
    assertEquals(2, run("check", file.toString()));
    assertTrue(err.toString().contains("say --for"), err.toString());
    assertEquals(0, run("check", "--for", "appliance", file.toString()));
  }

  @Test
  void show_valuesWithTheirOrigins_alsoAsJson() throws Exception {
    assertEquals(0, run("show", "--set", "http.maxConnections=7", EXAMPLE.toString()));
    assertTrue(
        out.toString().matches("(?s).*http.maxConnections: +7 +# --set http.maxConnections\n.*"),
        out.toString());
    assertTrue(out.toString().matches("(?s).*\nsite: +north +# " + EXAMPLE + ":3\n.*"));
    out.getBuffer().setLength(0);
    assertEquals(0, run("show", "--json", "--given", EXAMPLE.toString()));
    JsonNode first = new ObjectMapper().readTree(out.toString()).get(0);
    assertEquals(
        "{\"key\":\"id\",\"value\":\"north-1\",\"origin\":\"" + EXAMPLE + ":2\"}",
        first.toString());
  }

  @Test
  void diff_otherValues_areToldWhateverTheFilesLookLike() throws Exception {
    Path one = Files.copy(EXAMPLE, folder.resolve("appliance-1.yaml"));
    Path two =
        Files.writeString(
            folder.resolve("appliance-2.yaml"),
            "# another\n" + Files.readString(EXAMPLE).replace("workers: 4 ", "workers: 5 "));
    assertEquals(0, run("diff", one.toString(), one.toString()));
    assertEquals("", out.toString());
    assertEquals(Oca.FAILED, run("diff", one.toString(), two.toString()));
    assertTrue(
        out.toString()
            .matches("fill.workers\n  - 4  # " + one + ":\\d+\n  \\+ 5  # " + two + ":\\d+\n"),
        out.toString());
  }

  @Test
  void explain_key_tellsItsMeaningFormDefaultAndValue() {
    assertEquals(0, run("explain", "-c", EXAMPLE.toString(), "bitsPerSecond"));
    String told = out.toString();
    assertTrue(
        told.startsWith(
            """
            bitsPerSecond
              what the appliance may send, for its headroom; nothing is cut off there
              written as: a whole number
              changes: live, by a reload
              default: 10000000000
              now: bitsPerSecond: 40000000000  # \
            """),
        told);
    assertEquals(2, run("explain", "--for", "fill", "windw.opens"));
    assertTrue(err.toString().contains("did you mean window.opens?"), err.toString());
  }

  @ParameterizedTest
  @EnumSource(ProcessKind.class)
  void keys_ofEachProcess_allHaveAMeaning(ProcessKind kind) {
    List<String> silent =
        ConfigOptions.keys(kind).keys().stream()
            .filter(key -> key.meaning().isEmpty())
            .map(ConfigKeys.Key::path)
            .toList();
    assertEquals(List.of(), silent);
  }

  @ParameterizedTest
  @EnumSource(ProcessKind.class)
  void schema_ofEachProcess_isJsonThatKnowsItsKeys(ProcessKind kind) throws Exception {
    assertEquals(0, run("schema", kind.word()));
    JsonNode schema = new ObjectMapper().readTree(out.toString());
    assertEquals("object", schema.get("type").asText());
    assertEquals(
        ConfigOptions.keys(kind).keys().stream()
            .filter(key -> !key.path().contains("."))
            .filter(key -> !key.path().contains("["))
            .count(),
        schema.get("properties").size());
  }

  private int run(String... args) {
    String[] all = new String[args.length + 1];
    all[0] = "config";
    System.arraycopy(args, 0, all, 1, args.length);
    return Oca.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all);
  }
}
