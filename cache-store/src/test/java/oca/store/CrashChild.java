package oca.store;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The process that {@link StoreCrashTest} kills: opens the store, checks every byte it holds, then
 * fills, reads, removes and evicts until the end, which comes from outside. Speaks in lines.
 */
final class CrashChild {
  private static final int FILES = 40;
  private static final int BLOCK = 16 << 10;

  private CrashChild() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
    StoreConfig config =
        new StoreConfig(
            List.of(
                new StoreConfig.VolumeConfig(folder.resolve("a"), 2 << 20),
                new StoreConfig.VolumeConfig(folder.resolve("b"), 2 << 20)),
            folder.resolve("index"),
            BLOCK,
            100,
            20,
            4,
            100,
            Duration.ofSeconds(30),
            10_000,
            64 << 10,
            0,
            1 << 30);
    DiskStore store = DiskStore.open(config);
    checkFirst(store);
    long up = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    say("open " + up);
    long quarantined = store.recovery().join().quarantined();
    if (quarantined > 0) {
      say("wrong quarantined " + quarantined);
    }
    checkAll(store);
    while (true) {
      step(store, random);
    }
  }

  /** Asks for one file after the other until one is served, or all is known to be gone. */
  private static void checkFirst(DiskStore store) throws Exception {
    boolean more = true;
    while (more) {
      more = store.status().recovering();
      for (int number = 0; number < FILES; number++) {
        if (check(store, content(number).key())) {
          return;
        }
      }
    }
  }

  private static void checkAll(DiskStore store) throws Exception {
    int held = 0;
    for (ContentKey key : store.held()) {
      check(store, key);
      if (store.verify(key) != Verification.WHOLE) {
        say("wrong checksum " + key);
      }
      held++;
    }
    say("held " + held);
  }

  private static void step(DiskStore store, SplittableRandom random) throws Exception {
    TestContent content = content(random.nextInt(FILES));
    check(store, content.key());
    if (random.nextInt(8) == 0) {
      store.remove(content.key());
    }
    if (!(store.fill(content.request()) instanceof Admission.Admitted(FillSession session))) {
      return;
    }
    try (session) {
      if (TestContent.position(session) > 0) {
        say("resumed " + TestContent.position(session));
      }
      int length = content.bytes().length;
      int end = random.nextInt(4) == 0 ? random.nextInt(length) : length;
      while (TestContent.position(session) < end) {
        content.append(session, (int) Math.min(end, TestContent.position(session) + 20_000));
        check(store, content.key());
        say("at " + TestContent.position(session));
      }
      if (end == length) {
        session.commit();
        say("at commit");
      }
    }
  }

  /** Reads what a lookup gives; false when it misses. */
  private static boolean check(DiskStore store, ContentKey key) throws Exception {
    TestContent content = content((int) key.low());
    return switch (store.lookup(key)) {
      case Lookup.Hit(ContentLease lease) -> compare(content, lease, content.bytes().length);
      case Lookup.Filling(ContentLease lease, BlockMap blocks) ->
          compare(content, lease, blocks.readable(0));
      case Lookup.Miss miss -> false;
    };
  }

  private static boolean compare(TestContent content, ContentLease lease, long length)
      throws Exception {
    try (lease) {
      if (!lease.meta().equals(content.meta()) || !content.matches(lease, length)) {
        say("wrong bytes " + content.key());
      }
      return true;
    }
  }

  private static TestContent content(int number) {
    return TestContent.of(number, 50_000 + number * 6_000);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
