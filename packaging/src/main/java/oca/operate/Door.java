package oca.operate;

import java.io.IOException;
import oca.protocol.Json;
import oca.protocol.http.PlainClient;
import oca.protocol.http.PlainClient.Answer;

/** A process that is asked: its answers as JSON, its refusals as sentences. */
public final class Door {
  private final PlainClient client;

  Door(PlainClient client) {
    this.client = client;
  }

  /** Who is asked, as it was given. */
  public String name() {
    return client.name();
  }

  /** Reads a resource; a refusal is thrown with the reason that was given. */
  public Json get(String target) throws IOException {
    return read("GET", target, client.get(target));
  }

  /** The same of a resource that is text. */
  String text(String target) throws IOException {
    Answer answer = client.get(target);
    require("GET", target, answer);
    return answer.text();
  }

  /** Gives an order. */
  public Json post(String target, byte[] json) throws IOException {
    return read("POST", target, client.post(target, json));
  }

  Json post(String target, Json message) throws IOException {
    return post(target, bytes(message));
  }

  private static byte[] bytes(Json message) {
    return message.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private Json read(String method, String target, Answer answer) throws IOException {
    require(method, target, answer);
    return answer.body().length == 0 ? Json.NONE : Json.parse(answer.body());
  }

  private void require(String method, String target, Answer answer) throws IOException {
    if (!answer.isGood()) {
      throw new RefusedException(
          answer.status(), name() + ": " + method + " " + target + ": " + reason(answer));
    }
  }

  private static String reason(Answer answer) {
    String detail = "";
    try {
      detail = Json.parse(answer.body()).at("detail").text();
    } catch (IOException e) {
      // Not everybody explains in JSON; the status is told then.
      detail = "";
    }
    return answer.status() + (detail.isEmpty() ? "" : " " + detail);
  }

  /** An answer that is none, with its status. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }
}
