package oca.server.pull;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oca.server.range.HttpDate;

/** A case under way: one client, one origin, and what they have said so far. */
final class Conversation {
  private static final Pattern DATE = Pattern.compile("\\{([+-]?\\d+)}");

  private final int port;
  private final ScriptedOrigin origin;
  private final AtomicLong millis;
  private final String path;
  private final List<ScriptedOrigin.Request> asked = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> log = new ArrayList<>();
  private String target;
  private volatile Given given = new Given(200, List.of(), null, null);
  private volatile long delaySeconds;
  private volatile String lastBody = "";
  private volatile int lastStatus;
  private long passed;
  private String method = "GET";
  private WireClient.Answer got = new WireClient.Answer(0, List.of(), "");

  private record Given(int status, List<String> fields, String body, String raw) {}

  Conversation(int port, ScriptedOrigin origin, AtomicLong millis, String path) {
    this.port = port;
    this.origin = origin;
    this.millis = millis;
    this.path = path;
    this.target = path;
  }

  /** What was asked and the Cache-Status of each answer, for people. */
  List<String> log() {
    return log;
  }

  // What there is.

  void answer(int status, String... fields) {
    given = new Given(status, List.of(fields), null, null);
  }

  void answerBody(String body) {
    given = new Given(given.status, given.fields, body, null);
  }

  void answerRaw(String bytes) {
    given = new Given(0, List.of(), null, bytes);
  }

  void delay(long seconds) {
    delaySeconds = seconds;
  }

  void pass(long seconds) {
    millis.addAndGet(seconds * 1000);
    passed += seconds;
  }

  void suffix(String suffix) {
    target = path + suffix;
  }

  private String filled(String text) {
    Matcher matcher = DATE.matcher(text.replace("{path}", path).replace("{target}", target));
    return matcher
        .replaceAll(it -> HttpDate.format(millis.get() / 1000 + Long.parseLong(it.group(1))))
        .replace("{name}", path.substring(path.lastIndexOf('/') + 1))
        .replace("{authority}", "127.0.0.1:" + origin.port());
  }

  private void answer(ScriptedOrigin.Request request, OutputStream out) throws IOException {
    asked.add(request);
    millis.addAndGet(delaySeconds * 1000);
    Given now = given;
    lastStatus = now.status;
    if (now.raw != null) {
      out.write(filled(now.raw).getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      throw new IOException("no more is said");
    }
    boolean isBare = now.status == 304 || now.status == 204;
    String body = now.body != null ? now.body : "answer " + (bodies.size() + 1);
    if (!isBare && !request.method().equals("HEAD")) {
      bodies.add(body);
    }
    lastBody = isBare ? "" : body;
    List<String> fields = new ArrayList<>();
    for (String field : now.fields) {
      if (!field.equals("-Date")) {
        fields.add(filled(field));
      }
    }
    if (now.fields.stream().noneMatch(it -> it.startsWith("Date:") || it.equals("-Date"))) {
      fields.add(filled("Date: {0}"));
    }
    var bytes = new ByteArrayOutputStream();
    boolean saysLength = fields.stream().anyMatch(it -> it.startsWith("Content-Length:"));
    bytes.writeBytes(
        ScriptedOrigin.head(
            now.status + " Said",
            isBare || saysLength ? -1 : body.length(),
            fields.toArray(String[]::new)));
    if (!isBare && !request.method().equals("HEAD")) {
      bytes.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
    }
    out.write(bytes.toByteArray());
    out.flush();
  }

  // What is asked.

  void send(String with, String... fields) throws IOException {
    StringBuilder head = new StringBuilder(with + " {target} HTTP/1.1\r\n");
    if (Stream.of(fields).noneMatch(it -> it.startsWith("Host:"))) {
      head.append("Host: client.example\r\n");
    }
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    method = with;
    exchange(filled(head + "\r\n"));
    note();
  }

  void sendRaw(String bytes) throws IOException {
    method = bytes.substring(0, Math.max(0, bytes.indexOf(' ')));
    exchange(filled(bytes));
    note();
  }

  void sendForNothing() {
    method = "GET";
    assertThrows(
        IOException.class,
        () -> {
          exchange("GET " + target + " HTTP/1.1\r\nHost: client.example\r\n\r\n");
          if (got.status() == 502) {
            throw new IOException("the fault was seen before the head was sent on");
          }
        },
        this::toString);
    log.add("GET: broken off");
  }

  void sendUntil(String cacheStatus) {
    method = "GET";
    String request = "GET " + target + " HTTP/1.1\r\nHost: client.example\r\n\r\n";
    await()
        .until(
            () -> {
              exchange(request);
              return got.field("Cache-Status").equals(cacheStatus);
            });
    note();
  }

  private void exchange(String request) throws IOException {
    origin.at(target, this::answer);
    asked.clear();
    got = WireClient.ask(port, request);
    if (got.status() == 200 && method.equals("GET") && given.raw == null) {
      assertTrue(bodies.contains(got.body()), () -> "a body nobody gave: " + this);
    }
  }

  private void note() {
    String waited = passed == 0 ? "" : "+" + passed + " s ";
    passed = 0;
    String said = got.field("Cache-Status");
    log.add(waited + method + ' ' + got.status() + ": " + (said.isEmpty() ? "-" : said));
  }

  // What must come of it.

  void mustBePulled() {
    mustBeAsked(1);
    if (lastStatus != 0) {
      assertEquals(lastStatus, got.status(), this::toString);
      assertEquals(method.equals("HEAD") ? "" : lastBody, got.body(), this::toString);
    }
  }

  void mustBeKept() {
    mustBeAsked(0);
    assertTrue(got.status() < 500 || lastStatus == got.status(), this::toString);
    if (!method.equals("HEAD") && got.status() != 206 && got.status() != 304) {
      assertTrue(got.body().isEmpty() || bodies.contains(got.body()), this::toString);
    }
  }

  void mustBeChecked() {
    mustBeAsked(1);
    ScriptedOrigin.Request request = asked.getFirst();
    boolean isConditional =
        !request.field("if-none-match").isEmpty() || !request.field("if-modified-since").isEmpty();
    assertTrue(isConditional, () -> "asked without condition: " + this);
  }

  void mustBeAsked(int times) {
    if (asked.size() < times) {
      await().until(() -> asked.size() >= times);
    }
    assertEquals(times, asked.size(), () -> "how often the origin was asked: " + this);
  }

  void mustHaveStatus(int status) {
    assertEquals(status, got.status(), this::toString);
  }

  void mustHave(String line) {
    int colon = line.indexOf(':');
    String wanted = filled(line.substring(colon + 1)).strip();
    assertEquals(wanted, got.field(line.substring(0, colon)), this::toString);
  }

  void mustLack(String name) {
    assertEquals(List.of(), got.values(name), this::toString);
  }

  void mustBring(String body) {
    assertEquals(body, got.body(), this::toString);
  }

  void mustBeTold(String line) {
    int colon = line.indexOf(':');
    String name = line.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
    assertFalse(asked.isEmpty(), () -> "the origin was not asked: " + this);
    assertEquals(
        filled(line.substring(colon + 1)).strip(), asked.getLast().field(name), this::toString);
  }

  void mustNotBeTold(String name) {
    mustBeTold(name + ":");
  }

  void mustBeToldMethod(String with) {
    assertEquals(with, asked.getLast().method(), this::toString);
  }

  @Override
  public String toString() {
    UnaryOperator<String> indented = text -> text.replace("\n", "\n    ");
    return indented.apply(
        "\nsaid: " + log + "\nasked of the origin: " + asked + "\nanswered: " + got + '\n');
  }
}
