package oca.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import oca.model.Endpoint;
import oca.operate.Stage.Told;
import oca.protocol.Json;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code oca lineage} and {@code oca recall} against listeners that answer as appliances do. */
class RecallCommandTest {
  private static final String TIMES =
      "\"from\":\"2026-11-01T00:00:00Z\",\"to\":\"2026-11-02T00:00:00Z\"";
  private static final String FOUND =
      """
      {"source":"10.0.0.9:80",%s,"uncertain":false,"files":2,"blocks":5,"bytes":5242880,
       "uncertainBlocks":3,"read":1234,"unread":0,"complete":true,
       "listed":[{"file":"37d1bc660e15c598d8df0ddec4e17718","length":7000000,"state":"whole",
         "blocks":5,"bytes":5242880}],"left":1}\
      """
          .formatted(TIMES);

  private final List<String> asked = new ArrayList<>();
  private final Deque<String> recalls = new ArrayDeque<>();
  private final ControlListener appliance;

  RecallCommandTest() throws IOException {
    appliance =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/v1/lineage", this::lineage)
            .route("POST", "/v1/recalls", this::recall)
            .route("GET", "/v1/recalls", _ -> json("{\"recalls\":[" + recalls.remove() + "]}"));
  }

  @BeforeEach
  void start() {
    appliance.start();
  }

  @AfterEach
  void stop() {
    appliance.close();
  }

  @Test
  void lineage_ofAFile_showsWhereEachRunCameFrom() {
    Told told = run(new LineageCommand(), "harbour/v0.mp4", "--range", "0-99");
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("harbour/v0.mp4 is whole: 7.00 MB of 7.00 MB"), told.out());
    assertTrue(told.out().contains("origin"), told.out());
    assertTrue(told.out().lines().allMatch(it -> it.length() <= 80), told.out());
    assertEquals("file=harbour/v0.mp4 range=0-99", asked.getFirst());
  }

  @Test
  void lineage_ofASource_showsWhichFilesHaveItsBlocks() throws Exception {
    Told told = run(new LineageCommand(), "--from", "10.0.0.9:80", "--between", "7d", "1h");
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("5 blocks of 2 files came from 10.0.0.9:80"), told.out());
    assertTrue(told.out().contains("3 blocks more, of which it is not known"), told.out());
    assertEquals("source=10.0.0.9:80 from=7d to=1h", asked.getFirst());
    Told json = run(new LineageCommand(), "--from", "x", "-o", "json");
    assertEquals(2, Json.parse(json.out().getBytes(UTF_8)).at("files").number());
  }

  @Test
  void recall_thatTakesLong_isWaitedForAndTold() {
    recalls.add(recall(true, 1, 0, ""));
    recalls.add(recall(false, 2, 0, ""));
    Told told = run(new RecallCommand(new Hurried()), recallOf());
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("recall 7: 5 blocks of 2 files withdrawn, 5.24 MB"), told.out());
    assertTrue(asked.getFirst().contains("\"why\":\"it lied\""), asked.getFirst());
    assertTrue(asked.getFirst().contains("\"dryRun\":false"), asked.getFirst());
  }

  @Test
  void recall_notDoneOnADisk_exitsOne() {
    recalls.add(recall(false, 2, 3, "\"/srv/oca/disk2\""));
    Told told = run(new RecallCommand(new Hurried()), recallOf());
    assertEquals(1, told.status(), told.all());
    assertTrue(told.out().contains("/srv/oca/disk2"), told.out());
    assertTrue(told.out().contains("3 could not be looked at"), told.out());
  }

  @Test
  void recall_dryRun_tellsWhatWouldGo() {
    Told told = run(new RecallCommand(new Hurried()), recallOf("--dry-run"));
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("nothing was withdrawn"), told.out());
    assertTrue(asked.getFirst().contains("\"dryRun\":true"), asked.getFirst());
  }

  @Test
  void commands_ofSeveralAppliances_nameThoseThatDoNotAnswer() throws Exception {
    recalls.add(recall(false, 2, 0, ""));
    String url = appliance.endpoint().http("").toString();
    String both = url + ",http://127.0.0.1:1";
    List<String> order = new ArrayList<>(List.of(recallOf("--each", both)));
    Told told = Stage.run(new RecallCommand(new Hurried()), order.toArray(String[]::new));
    assertEquals(3, told.status(), told.all());
    assertTrue(told.out().contains("recall 7"), told.out());
    assertTrue(told.out().contains("did not answer"), told.out());
    Told json = Stage.run(new LineageCommand(), "--from", "x", "--each", both, "-o", "json");
    Json each = Json.parse(json.out().getBytes(UTF_8)).at("appliances");
    assertEquals(2, each.items().size());
    assertEquals(2, each.items().getFirst().at("answer", "files").number());
    assertTrue(each.items().getLast().at("problem").isThere());
  }

  @Test
  void commands_badlyAsked_exitTwoAndNobodyThereThree() {
    assertEquals(2, run(new LineageCommand()).status());
    assertEquals(2, run(new LineageCommand(), "file", "--from", "x").status());
    assertEquals(2, run(new RecallCommand(), "--from", "x").status());
    assertEquals(
        3, Stage.run(new LineageCommand(), "--admin", "http://127.0.0.1:1", "file").status());
  }

  /** Time that passes when somebody waits. */
  private static final class Hurried implements Watch {
    @Override
    public long getAsLong() {
      return 0;
    }

    @Override
    public void pause(java.time.Duration time) {
      // It is later now.
    }
  }

  private static String[] recallOf(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("--from", "10.0.0.9:80", "--between", "7d", "0s", "--why", "it lied"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private Told run(Object command, String... more) {
    List<String> all =
        new ArrayList<>(List.of("--admin", appliance.endpoint().http("").toString()));
    all.addAll(List.of(more));
    return Stage.run(command, all.toArray(String[]::new));
  }

  private static String recall(boolean running, int files, int unread, String open) {
    return """
    {"number":7,"source":"10.0.0.9:80",%s,"uncertain":false,"who":"anna","why":"it lied",
     "at":"2026-11-02T00:00:00Z","running":%s,"read":1234,"files":%d,"blocks":5,"bytes":5242880,
     "unread":%d,"open":[%s]}\
    """
        .formatted(TIMES, running, files, unread, open);
  }

  private Response recall(Request request) {
    String body = new String(request.body(), UTF_8);
    asked.add(body);
    return json(body.contains("\"dryRun\":true") ? FOUND : recalls.remove());
  }

  private Response lineage(Request request) {
    List<String> query = new ArrayList<>();
    request.query().forEach((name, value) -> query.add(name + "=" + value));
    asked.add(String.join(" ", query));
    return json(
        request.parameter("file").isEmpty()
            ? FOUND
            : """
            {"file":"37d1bc660e15c598d8df0ddec4e17718","length":7000000,"state":"whole",
             "presentBytes":7000000,"runs":[{"firstByte":0,"lastByte":99,"source":"origin",
             "fetchedAt":"2026-11-01T00:00:00Z","verifiedAt":"2026-11-01T00:00:00Z",
             "job":7,"generation":1,"plan":3}],"left":0}\
            """);
  }

  private static Response json(String text) {
    return Response.text("application/json", text);
  }
}
