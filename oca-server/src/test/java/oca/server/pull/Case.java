package oca.server.pull;

import java.util.ArrayList;
import java.util.List;

/**
 * One demand of a specification, told as a conversation: what the origin answers, what a client
 * asks, and what must come of it. Said of the request before, unless it says otherwise.
 *
 * <p>In all texts {@code {0}} is the date of now, {@code {-60}} and {@code {+60}} that of a minute
 * ago and to come, {@code {path}} the path, {@code {name}} its last segment and {@code {authority}}
 * the origin's.
 */
final class Case {
  private final String section;
  private final String name;
  private final List<Step> steps = new ArrayList<>();
  private String prefix = "p";

  /** What happens next, or what must have happened. */
  @FunctionalInterface
  interface Step {
    void in(Conversation conversation) throws Exception;
  }

  private Case(String section, String name) {
    this.section = section;
    this.name = name;
  }

  static Case demand(String section, String name) {
    return new Case(section, name);
  }

  /** What says that it is fresh for so long is so, and no longer. */
  static Case freshFor(String section, String name, long seconds, String... fields) {
    return demand(section, name)
        .origin(fields)
        .get()
        .pulled()
        .after(seconds - 1)
        .get()
        .kept()
        .after(1)
        .get()
        .pulled();
  }

  /** What is answered so is not used again without asking. */
  static Case notReused(String section, String name, String... fields) {
    return demand(section, name).origin(fields).get().pulled().get().pulled();
  }

  /** What is answered so is used again. */
  static Case reused(String section, String name, String... fields) {
    return demand(section, name).origin(fields).get().pulled().get().kept();
  }

  private Case then(Step step) {
    steps.add(step);
    return this;
  }

  // What there is.

  /** Under the service with another prefix, which stands for other settings. */
  Case service(String other) {
    prefix = other;
    return this;
  }

  /** From now on the origin answers 200, with those fields and a body that is new each time. */
  Case origin(String... fields) {
    return origin(200, fields);
  }

  /** From now on the origin answers so; with Date unless there is one, or a line {@code -Date}. */
  Case origin(int status, String... fields) {
    return then(it -> it.answer(status, fields));
  }

  /** With that body instead. */
  Case originBody(String body) {
    return then(it -> it.answerBody(body));
  }

  /** From now on the origin answers those very bytes and closes. */
  Case raw(String bytes) {
    return then(it -> it.answerRaw(bytes));
  }

  /** From now on the origin takes so long for an answer. */
  Case slow(long seconds) {
    return then(it -> it.delay(seconds));
  }

  /** So much time passes. */
  Case after(long seconds) {
    return then(it -> it.pass(seconds));
  }

  /** From now on the target is the path with that behind it. */
  Case at(String suffix) {
    return then(it -> it.suffix(suffix));
  }

  // What is asked.

  Case get(String... fields) {
    return ask("GET", fields);
  }

  Case head(String... fields) {
    return ask("HEAD", fields);
  }

  Case ask(String method, String... fields) {
    return then(it -> it.send(method, fields));
  }

  /** It is asked for, and gets no answer that is whole. */
  Case getBroken() {
    return then(Conversation::sendForNothing);
  }

  /** Those very bytes are sent; {@code {target}} stands for the target. */
  Case sends(String bytes) {
    return then(it -> it.sendRaw(bytes));
  }

  /** It is asked for until the answer has that Cache-Status. */
  Case getUntil(String cacheStatus) {
    return then(it -> it.sendUntil(cacheStatus));
  }

  // What must come of it.

  /** The origin was asked once, and its answer is the answer. */
  Case pulled() {
    return then(Conversation::mustBePulled);
  }

  /** The origin was not asked, and the answer is one that it gave before. */
  Case kept() {
    return then(Conversation::mustBeKept);
  }

  /** The origin was asked once, on a condition. */
  Case checked() {
    return then(Conversation::mustBeChecked);
  }

  /** The origin was not asked. */
  Case unasked() {
    return then(it -> it.mustBeAsked(0));
  }

  /** The origin is asked so often, once it had the time. */
  Case asked(int times) {
    return then(it -> it.mustBeAsked(times));
  }

  /** The client's status. */
  Case status(int status) {
    return then(it -> it.mustHaveStatus(status));
  }

  /** The client's answer has all of that in the field: {@code Age: 10}. */
  Case has(String line) {
    return then(it -> it.mustHave(line));
  }

  /** The client's answer does not have the field. */
  Case lacks(String name) {
    return then(it -> it.mustLack(name));
  }

  /** The client's body. */
  Case brings(String body) {
    return then(it -> it.mustBring(body));
  }

  /** The Cache-Status that the client got. */
  Case says(String cacheStatus) {
    return then(it -> it.mustHave("Cache-Status: " + cacheStatus));
  }

  /** The origin was asked with all of that in the field: {@code Range: bytes=0-1}. */
  Case told(String line) {
    return then(it -> it.mustBeTold(line));
  }

  /** The origin was asked without the field. */
  Case untold(String name) {
    return then(it -> it.mustNotBeTold(name));
  }

  /** The method that the origin was asked with. */
  Case toldMethod(String method) {
    return then(it -> it.mustBeToldMethod(method));
  }

  // What it is.

  String section() {
    return section;
  }

  String name() {
    return name;
  }

  String prefix() {
    return prefix;
  }

  void run(Conversation conversation) throws Exception {
    for (Step step : steps) {
      step.in(conversation);
    }
  }
}
