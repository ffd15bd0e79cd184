package oca.operate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.protocol.Json;
import oca.protocol.http.UnreachedException;
import org.jspecify.annotations.Nullable;

/** What each of several appliances answered, and who did not. */
final class FleetAnswers {
  private final List<Answer> answers = new ArrayList<>();

  /**
   * One of them.
   *
   * @param answer null when there is none
   * @param problem why there is none; empty when there is
   */
  record Answer(String who, @Nullable Json answer, String problem) {}

  /** How one is asked. */
  interface Question {
    Json ask(Door door) throws IOException;
  }

  /** Asks all, one after the other; one that is asked alone may throw. */
  static FleetAnswers of(List<Door> doors, Question question) throws IOException {
    FleetAnswers all = new FleetAnswers();
    for (Door door : doors) {
      try {
        all.answers.add(new Answer(door.name(), question.ask(door), ""));
      } catch (UnreachedException | Door.RefusedException e) {
        if (doors.size() == 1) {
          throw e;
        }
        all.answers.add(new Answer(door.name(), null, String.valueOf(e.getMessage())));
      }
    }
    return all;
  }

  List<Answer> all() {
    return answers;
  }

  /** Of those that answered, whether all are so. */
  boolean all(java.util.function.Predicate<Json> holds) {
    return answers.stream().allMatch(it -> it.answer() == null || holds.test(it.answer()));
  }

  /** Whether somebody did not answer. */
  boolean anyMissing() {
    return answers.stream().anyMatch(it -> it.answer() == null);
  }

  /** The answer of one that was asked alone; of several all of them, with who they are. */
  Json json() {
    if (answers.size() == 1 && answers.getFirst().answer() != null) {
      return answers.getFirst().answer();
    }
    List<Object> each = new ArrayList<>();
    for (Answer one : answers) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("admin", one.who());
      fields.put(
          one.answer() == null ? "problem" : "answer",
          one.answer() == null ? one.problem() : one.answer());
      each.add(fields);
    }
    return Json.of(Map.of("appliances", each));
  }

  /** Names those that did not answer. */
  void printMissing(Page page) {
    for (Answer one : answers) {
      if (one.answer() == null) {
        page.finding(
            new Finding(
                Finding.Level.FAIL,
                one.who(),
                "did not answer: " + one.problem(),
                "ask it again, it is in none of the figures"));
      }
    }
  }
}
