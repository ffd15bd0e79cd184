package oca.operate;

import java.io.PrintWriter;
import java.util.List;
import oca.operate.Finding.Level;

/** Findings and lines with a word before them, for a screen. */
final class Page {
  private static final int WORD = 11;

  private final PrintWriter out;
  private final Style style;

  Page(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  void title(String text) {
    out.println(style.bold(text));
  }

  /** A line with a word before it, broken between words where it is too long. */
  void line(String word, String text) {
    List<String> lines = wrapped(text, style.width() - WORD - 3);
    for (int i = 0; i < lines.size(); i++) {
      out.println("  " + padded(i == 0 ? word : "") + " " + lines.get(i));
    }
  }

  /** What is wrong, and what to do about it. */
  void finding(Finding finding) {
    String mark = finding.level() == Level.OK ? "ok" : finding.level().name();
    String before = "  " + style.of(finding.level(), mark + " ".repeat(5 - mark.length()));
    List<String> lines = wrapped(finding.about() + ": " + finding.what(), style.width() - 8);
    for (int i = 0; i < lines.size(); i++) {
      out.println((i == 0 ? before : "       ") + lines.get(i));
    }
    if (!finding.fix().isEmpty()) {
      wrapped("-> " + finding.fix(), style.width() - 10)
          .forEach(it -> out.println("         " + it));
    }
  }

  private static String padded(String word) {
    return word + " ".repeat(Math.max(0, WORD - word.length()));
  }

  static List<String> wrapped(String text, int width) {
    List<String> lines = new java.util.ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
