package oca.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import oca.model.Endpoint;
import oca.operate.Stage.Told;
import oca.protocol.Json;
import oca.protocol.http.ControlListener;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code oca misses} against a listener that answers as the controller does. */
class MissesCommandTest {
  private final AtomicReference<String> asked = new AtomicReference<>("");
  private final ControlListener controller;
  private long bytes = 1000;

  MissesCommandTest() throws IOException {
    controller =
        ControlListener.bind(new Endpoint("127.0.0.1", 0), ControlListener.Limits.DEFAULT)
            .route("GET", "/v1/misses", this::answer);
  }

  @BeforeEach
  void start() {
    controller.start();
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  @Test
  void misses_asATable_tellsSharesAndMeanings() {
    Told told = misses();
    assertEquals(0, told.status(), told.all());
    assertTrue(told.out().contains("1.00 kB served, 90.0 % of it by the nearest site"), told.out());
    assertTrue(told.out().contains("content shed 10.0 %, offload 100.0 %"), told.out());
    assertTrue(told.out().contains("content"), told.out());
    assertTrue(told.out().contains("12 more rows"), told.out());
    assertTrue(told.out().lines().allMatch(it -> it.length() <= 80), told.out());
    assertEquals("by=label&from=24h&limit=40", asked.get());
  }

  @Test
  void misses_narrowed_asksForThat() throws Exception {
    Told told =
        misses(
            "--by",
            "site,hour",
            "--from",
            "7d",
            "--only",
            "label=content",
            "-o",
            "json",
            "-n",
            "5");
    assertEquals(0, told.status(), told.all());
    assertEquals("by=site%2Chour&from=7d&limit=5&label=content", asked.get());
    assertEquals(
        1000, Json.parse(told.out().getBytes(UTF_8)).at("report", "total", "bytes").number());
  }

  @Test
  void misses_asCsv_isPassedOn() {
    Told told = misses("--csv");
    assertEquals("label,bytes\r\ncontent,100\r\n", told.out());
  }

  @Test
  void misses_nothingServed_exitsOne() {
    bytes = 0;
    assertEquals(1, misses().status());
  }

  @Test
  void misses_nobodyThere_exitsThree() {
    Told told = Stage.run(new MissesCommand(), "--controller", "http://127.0.0.1:1");
    assertEquals(3, told.status(), told.all());
  }

  private Told misses(String... more) {
    String[] arguments = new String[more.length + 2];
    arguments[0] = "--controller";
    arguments[1] = controller.endpoint().http("").toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return Stage.run(new MissesCommand(), arguments);
  }

  private Response answer(Request request) {
    String query =
        request.query().entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    asked.set(query);
    if (query.contains("format=csv")) {
      return Response.text("text/csv", "label,bytes\r\ncontent,100\r\n");
    }
    String all =
        """
        {"bytes":%d,"requests":7,"nearest":%d,"missed":%d,"unknown":0,"content":%d,"origin":0,
         "hours":2.5,"missedHours":0.5,"timedBytes":%d,"contentShed":0.1,"offload":1.0}\
        """
            .formatted(bytes, bytes * 9 / 10, bytes / 10, bytes / 10, bytes);
    String json =
        """
        {"report":{"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00Z","by":["label"],
          "total":%s,"rows":[{"key":["content"],"sum":%s}],"left":12},
         "labels":[{"label":"content","sentence":"no appliance of the nearest site held it",
           "miss":true}],
         "account":{"taken":1000,"labelled":1000,"waiting":0},"counts":{}}\
        """
            .formatted(all, all);
    return Response.text("application/json", json);
  }
}
