package oca.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.protocol.Json;
import oca.protocol.http.PlainClient;

/** A process that is asked about its configuration. */
record RunningProcess(PlainClient client) {
  private static final int UNPROCESSABLE = 422;
  private static final byte[] NOTHING = {'{', '}'};

  /** What it has in force of one key, and what waits. */
  record Value(String key, String value, String origin, boolean live, boolean waits, String next) {

    /** When another value would come into force. */
    String changes() {
      return live ? "live" : "restart";
    }
  }

  /** Its configuration was refused; the message tells every problem. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /** All values in force, by key. */
  Map<String, Value> values() throws IOException {
    Map<String, Value> values = new LinkedHashMap<>();
    for (Json line : page().at("settings").items()) {
      Json waits = line.at("waits");
      String key = line.at("key").text();
      values.put(
          key,
          new Value(
              key,
              line.at("value").text(),
              line.at("origin").text(),
              line.at("live").isTrue(),
              !waits.fields().isEmpty(),
              waits.at("value").text()));
    }
    return values;
  }

  /** What it answers, as it is. */
  Json page() throws IOException {
    PlainClient.Answer answer = client.get("/v1/config");
    if (!answer.isGood()) {
      throw new IOException(client.name() + ": " + reason(answer));
    }
    return Json.parse(answer.body());
  }

  /**
   * Has it read its configuration again.
   *
   * @throws RefusedException when it is not fit, and the process is as it was
   */
  Json reload() throws IOException, RefusedException {
    PlainClient.Answer answer = client.post("/v1/config/reload", NOTHING);
    if (answer.status() == UNPROCESSABLE) {
      throw new RefusedException(reason(answer));
    }
    if (!answer.isGood()) {
      throw new IOException(client.name() + ": " + reason(answer));
    }
    return Json.parse(answer.body());
  }

  /** Lines of an answer's list of differences. */
  static List<String> differences(Json of) {
    List<String> lines = new ArrayList<>();
    for (Json change : of.items()) {
      String before = change.at("before").text();
      String after = change.at("after").text();
      lines.add(
          "  "
              + change.at("key").text()
              + ": "
              + (before.isEmpty() ? "-" : before)
              + " -> "
              + (after.isEmpty() ? "-" : after)
              + "  # "
              + change.at("origin").text("gone"));
    }
    return lines;
  }

  private static String reason(PlainClient.Answer answer) {
    try {
      return Json.parse(answer.body()).at("detail").text(Integer.toString(answer.status()));
    } catch (IOException e) {
      // Not everybody explains in JSON; the status is told then.
      return Integer.toString(answer.status());
    }
  }
}
