package oca.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** Any sequence of operations on a store on disks, against the set of files it should then hold. */
class StoreModelTest {

  enum Action {
    FILL,
    FILL_IN_PART,
    REMOVE,
    VERIFY,
    REOPEN,
    REOPEN_WITHOUT_INDEX
  }

  record Step(Action action, int file) {}

  @Property(tries = 15, shrinking = ShrinkingMode.BOUNDED)
  void operations_inAnyOrder_leaveWhatTheModelSays(@ForAll("steps") List<Step> steps)
      throws IOException {
    Path folder = Files.createTempDirectory("model");
    StoreConfig config = DiskStoreTest.config(folder, 100, 4, 1 << 20, 1 << 20);
    Set<ContentKey> held = new HashSet<>();
    Map<ContentKey, Long> partial = new HashMap<>();
    DiskStore store = DiskStoreTest.recovered(config);
    try {
      for (Step step : steps) {
        TestContent content = TestContent.of(step.file(), 10_000 + 3_000 * step.file());
        switch (step.action()) {
          case FILL -> fill(store, content, content.bytes().length, held, partial);
          case FILL_IN_PART -> fill(store, content, 9_000, held, partial);
          case REMOVE -> assertEquals(held.remove(content.key()), store.remove(content.key()));
          case VERIFY ->
              assertEquals(
                  held.contains(content.key()) ? Verification.WHOLE : Verification.NOT_HERE,
                  store.verify(content.key()));
          case REOPEN, REOPEN_WITHOUT_INDEX -> {
            store.close();
            if (step.action() == Action.REOPEN_WITHOUT_INDEX) {
              Files.deleteIfExists(config.indexFolder().resolve("index.clean"));
            }
            store = DiskStoreTest.recovered(config);
          }
        }
        assertEquals(held, new HashSet<>(store.held()));
        assertEquals(held.size(), store.status().files());
        assertTrue(store.status().openFiles() <= 4);
      }
    } finally {
      store.close();
      delete(folder);
    }
  }

  private static void fill(
      DiskStore store,
      TestContent content,
      int to,
      Set<ContentKey> held,
      Map<ContentKey, Long> partial)
      throws IOException {
    if (held.contains(content.key())) {
      assertEquals(new Admission.Refused(Admission.Reason.HELD), store.fill(content.request()));
      return;
    }
    try (FillSession session = content.admit(store)) {
      long resumed = partial.getOrDefault(content.key(), 0L);
      assertEquals(resumed, TestContent.position(session));
      content.append(session, to);
      if (TestContent.position(session) == content.bytes().length) {
        session.commit();
        partial.remove(content.key());
        held.add(content.key());
      } else {
        long block = ContentStoreContract.BLOCK;
        partial.put(content.key(), TestContent.position(session) / block * block);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> actions =
        Arbitraries.frequency(
            net.jqwik.api.Tuple.of(8, Action.FILL),
            net.jqwik.api.Tuple.of(4, Action.FILL_IN_PART),
            net.jqwik.api.Tuple.of(4, Action.REMOVE),
            net.jqwik.api.Tuple.of(2, Action.VERIFY),
            net.jqwik.api.Tuple.of(1, Action.REOPEN),
            net.jqwik.api.Tuple.of(1, Action.REOPEN_WITHOUT_INDEX));
    return Combinators.combine(actions, Arbitraries.integers().between(0, 7))
        .as(Step::new)
        .list()
        .ofMinSize(5)
        .ofMaxSize(30);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
