package oca.fill.release;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds what is wrong with announcements, each with its place and the remedy. Pure. */
final class AnnouncementRules {
  /** Problems that are named; of more the number is told. */
  static final int NAMED = 20;

  private static final int MAX_NAME = 1024;
  private static final int MAX_KIND = 64;
  private static final int MAX_KINDS = 256;
  private static final Instant FIRST = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2200-01-01T00:00:00Z");

  private final ReleasesConfig limits;
  private final List<String> problems = new ArrayList<>();
  private int found;

  private AnnouncementRules(ReleasesConfig limits) {
    this.limits = limits;
  }

  /** What is wrong with the whole book as it would be; nothing when it can be kept. */
  static List<String> problems(Collection<Announcement> all, ReleasesConfig limits) {
    AnnouncementRules rules = new AnnouncementRules(limits);
    rules.check(all);
    if (rules.found > NAMED) {
      rules.problems.add(String.format(Locale.ROOT, "and %,d more", rules.found - NAMED));
    }
    return List.copyOf(rules.problems);
  }

  private void check(Collection<Announcement> all) {
    if (all.size() > limits.most()) {
      note(
          "",
          "more than "
              + limits.most()
              + " releases; leave out what was released long ago, or raise"
              + " forecast.releases.most");
      return;
    }
    Set<String> kinds = new HashSet<>();
    Map<String, Integer> titles = new HashMap<>();
    Map<String, Integer> files = new HashMap<>();
    int at = 0;
    for (Announcement it : all) {
      String place = "releases[" + at + "]";
      name(place + ".title", it.title());
      Integer before = titles.putIfAbsent(it.title(), at);
      if (before != null) {
        note(place + ".title", "is that of releases[" + before + "] too; keep one");
      }
      if (it.time().filter(time -> !time.isBefore(FIRST) && time.isBefore(LAST)).isEmpty()) {
        note(
            place + ".releaseAt",
            "is " + shown(it.releaseAt()) + "; write 2026-01-31T20:00:00Z or 2026-01-31");
      }
      kinds.add(it.kind());
      if (it.kind().isBlank() || it.kind().length() > MAX_KIND) {
        note(place + ".kind", "must be 1 to " + MAX_KIND + " characters, such as film or series");
      }
      Double audience = it.audience();
      if (audience != null && !(audience > 0 && audience <= 1e15)) {
        note(place + ".audience", "is " + audience + "; write a number above 0, or leave it out");
      }
      files(place, at, it, files);
      at++;
    }
    if (kinds.size() > MAX_KINDS) {
      note("", "more than " + MAX_KINDS + " kinds; releases of one kind are to fade alike");
    }
    if (files.size() > limits.filesInAll()) {
      note(
          "",
          "more than "
              + limits.filesInAll()
              + " files in all; name titles alone, or raise"
              + " forecast.releases.filesInAll");
    }
  }

  private void files(String place, int at, Announcement it, Map<String, Integer> files) {
    if (it.files().size() > limits.filesOfOne()) {
      note(place + ".files", "are more than " + limits.filesOfOne() + "; name the title alone");
      return;
    }
    for (int i = 0; i < it.files().size(); i++) {
      String file = it.files().get(i);
      name(place + ".files[" + i + "]", file);
      Integer before = files.putIfAbsent(file, at);
      if (before != null) {
        note(place + ".files[" + i + "]", "is named by releases[" + before + "] already");
      }
    }
  }

  private void name(String place, String name) {
    if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(c -> c < ' ')) {
      note(place, "must be 1 to " + MAX_NAME + " characters without control characters");
    }
  }

  private void note(String place, String why) {
    if (++found <= NAMED) {
      problems.add(place.isEmpty() ? why : place + " " + why);
    }
  }

  private static String shown(String text) {
    return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
  }
}
