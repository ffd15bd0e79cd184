package oca.fill.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import oca.fill.state.StateStore;
import oca.fill.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseBookTest {
  private static final ReleasesConfig LIMITS = new ReleasesConfig(3, 2, 4);

  @TempDir Path folder;

  @Test
  void replace_goodList_isKeptOverARestart() throws IOException {
    try (StateStore store = Stores.open(folder.resolve("state"))) {
      ReleaseBook book = new ReleaseBook(store, LIMITS);
      assertEquals(0, book.content().version());
      assertEquals(List.of(), book.replace(List.of(release("a"), release("b"))));
      assertEquals(List.of(), book.put(new Announcement("a", List.of(), "2026-02-01", "film", 3d)));
      assertTrue(book.remove("b"));
      assertFalse(book.remove("b"));
      assertEquals(3, book.content().version());
    }
    try (StateStore store = Stores.open(folder.resolve("state"))) {
      ReleaseBook book = new ReleaseBook(store, LIMITS);
      assertEquals(3, book.content().version());
      assertEquals(1, book.content().releases().size());
      assertEquals("2026-02-01", book.content().releases().getFirst().releaseAt());
      assertEquals(3.0, book.content().releases().getFirst().audience());
    }
  }

  @Test
  void replace_oneBadEntry_leavesAllAsItWas() throws IOException {
    try (StateStore store = Stores.open(folder.resolve("state"))) {
      ReleaseBook book = new ReleaseBook(store, LIMITS);
      assertEquals(List.of(), book.replace(List.of(release("a"))));
      List<String> problems =
          book.replace(List.of(release("b"), new Announcement(" ", List.of(), "soon", "", -1.0)));
      assertEquals(4, problems.size(), problems::toString);
      assertTrue(problems.get(0).startsWith("releases[1].title must be 1 to"), problems::toString);
      assertTrue(
          problems.get(1).startsWith("releases[1].releaseAt is \"soon\"; write 2026"),
          problems::toString);
      assertTrue(problems.get(2).startsWith("releases[1].kind"), problems::toString);
      assertTrue(
          problems.get(3).startsWith("releases[1].audience is -1.0; write"), problems::toString);
      assertEquals(List.of(release("a")), book.content().releases());
    }
  }

  @Test
  void replace_beyondLimits_namesTheLimit() {
    assertProblem("more than 3 releases", release("a"), release("b"), release("c"), release("d"));
    assertProblem("releases[0].files are more than 2", release("a", "1", "2", "3"));
    assertProblem(
        "more than 4 files in all",
        release("a", "1", "2"),
        release("b", "3", "4"),
        release("c", "5", "6"));
  }

  @Test
  void replace_contradictions_areNamedWithBothPlaces() {
    assertProblem("releases[1].title is that of releases[0] too", release("a"), release("a"));
    assertProblem(
        "releases[1].files[0] is named by releases[0] already",
        release("a", "x/1"),
        release("b", "x/1"));
  }

  @Test
  void replace_manyProblems_someAreNamedAndAllCounted() {
    List<Announcement> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(new Announcement("t" + i, List.of(), "never", "film", null));
    }
    List<String> problems = AnnouncementRules.problems(all, new ReleasesConfig(100, 2, 4));
    assertEquals(AnnouncementRules.NAMED + 1, problems.size());
    assertEquals("and 80 more", problems.getLast());
  }

  @Test
  void time_allWaysToWriteIt_areRead() {
    assertEquals(491_544, hour("2026-01-28T00:59:59Z"));
    assertEquals(491_544, hour("2026-01-28"));
    assertEquals(491_544, hour("2026-01-28T02:30:00+02:00"));
    for (String bad : List.of("", "2026-02-30", "2026-01-28T25:00:00Z", "28.01.2026", "\u0000")) {
      assertTrue(new Announcement("a", List.of(), bad, "film", null).time().isEmpty(), bad);
    }
    assertProblem(
        "releaseAt is \"1812-01-01\"",
        new Announcement("a", List.of(), "1812-01-01", "film", null));
  }

  private static long hour(String text) {
    return new Announcement("a", List.of(), text, "film", null).hour();
  }

  private static void assertProblem(String text, Announcement... all) {
    List<String> problems = AnnouncementRules.problems(List.of(all), LIMITS);
    assertEquals(1, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains(text), problems::toString);
  }

  private static Announcement release(String title, String... files) {
    return new Announcement(title, List.of(files), "2026-01-31T20:00:00Z", "film", null);
  }
}
