package oca.config;

/**
 * A text that a part of the configuration was read from.
 *
 * @param name a file as it was named to the process, or what else the text is, such as {@code
 *     environment OCA__HTTP__LISTEN}
 * @param text all of it
 * @param isFile whether lines are counted in it
 */
record Source(String name, String text, boolean isFile) {

  /** The line's text without its end; empty when there is no such line. */
  String line(int number) {
    return text.lines().skip(number - 1L).findFirst().orElse("");
  }
}
