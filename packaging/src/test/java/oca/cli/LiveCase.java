package oca.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;

/**
 * A key that a reload changes, and what shows that it did.
 *
 * @param key as the records have it
 * @param before a setting, {@code key=value}
 * @param after the same key with another value
 * @param with settings that the difference needs
 * @param look at the process; the same for the same settings
 */
record LiveCase(String key, String before, String after, List<String> with, Look look) {

  /** What the process does, told by something that can be compared. */
  interface Look {
    Object at() throws Exception;
  }

  /** Has a process read settings again. */
  interface Settings {
    void set(List<String> settings) throws Exception;
  }

  static LiveCase of(String key, String before, String after, Look look, String... with) {
    return new LiveCase(key, key + "=" + before, key + "=" + after, List.of(with), look);
  }

  /** The process does otherwise with the other value, and as before when it is taken back. */
  void check(Settings process) throws Exception {
    Object first = under(process, before);
    Object other = under(process, after);
    assertNotEquals(first, other, key + " makes no difference");
    assertEquals(first, under(process, before), key + " was taken back");
  }

  private Object under(Settings process, String setting) throws Exception {
    List<String> all = new java.util.ArrayList<>(with);
    all.add(setting);
    process.set(all);
    return look.at();
  }

  @Override
  public String toString() {
    return key;
  }
}
