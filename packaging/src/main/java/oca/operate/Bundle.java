package oca.operate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An archive that is being written: everything goes through the redactor, and is listed. */
final class Bundle {
  private static final String FOLDER = "oca-support/";

  private final TarGz archive;
  private final Instant now;
  private final Redactor redactor = new Redactor();
  private final List<String> in = new ArrayList<>();
  private final List<String> out = new ArrayList<>();

  /** Something that may not be to be had. */
  interface Source {
    String text() throws IOException;
  }

  Bundle(TarGz archive, Instant now) {
    this.archive = archive;
    this.now = now;
  }

  /** Adds a text, without the secrets in it. */
  void add(String name, String text) throws IOException {
    int before = redactor.taken();
    byte[] clean = redactor.clean(text).getBytes(StandardCharsets.UTF_8);
    archive.add(FOLDER + name, clean);
    int taken = redactor.taken() - before;
    in.add(name + (taken == 0 ? "" : " (" + taken + " redacted)"));
  }

  /** Adds what is to be had, and notes why what is not. */
  void ask(String name, Source source) throws IOException {
    String text;
    try {
      text = source.text();
    } catch (IOException e) {
      leaveOut(name, String.valueOf(e.getMessage()));
      return;
    }
    add(name, text);
  }

  void leaveOut(String name, String why) {
    out.add(name + ": " + redactor.clean(why));
  }

  /** Adds the list of all that is in it; what it says. */
  String end() throws IOException {
    StringBuilder text = new StringBuilder("Gathered " + now + "\n\nIn it:\n");
    in.forEach(it -> text.append("  ").append(it).append('\n'));
    text.append("\nLeft out:\n");
    out.forEach(it -> text.append("  ").append(it).append('\n'));
    text.append("  key, token and password files: never opened\n");
    text.append("  serve records: they tell what networks watch\n");
    byte[] list = text.toString().getBytes(StandardCharsets.UTF_8);
    archive.add(FOLDER + "READ-ME.txt", list);
    return text.toString();
  }
}
