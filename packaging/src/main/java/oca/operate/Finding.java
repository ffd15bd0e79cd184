package oca.operate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oca.protocol.Json;

/**
 * One thing that was looked at.
 *
 * @param level how it is
 * @param about what was looked at, a word or two that never change
 * @param what how it was found, for a reader
 * @param fix what to do; empty when there is nothing to do
 */
record Finding(Level level, String about, String what, String fix) {
  /** How it is. */
  enum Level {
    /** As it should be. */
    OK,
    /** It works, but should be otherwise; or it could not be found out. */
    WARN,
    /** It does not work. */
    FAIL
  }

  static Finding ok(String about, String what) {
    return new Finding(Level.OK, about, what, "");
  }

  static Finding warn(String about, String what, String fix) {
    return new Finding(Level.WARN, about, what, fix);
  }

  static Finding fail(String about, String what, String fix) {
    return new Finding(Level.FAIL, about, what, fix);
  }

  Json json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("level", level.name());
    fields.put("about", about);
    fields.put("what", what);
    fields.put("fix", fix);
    return Json.of(fields);
  }

  static Json json(List<Finding> findings) {
    return Json.of(findings.stream().map(Finding::json).toList());
  }
}
