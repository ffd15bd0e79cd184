package oca.fill.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import oca.fill.jobs.Tell.Kind;
import oca.model.ApplianceId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every book must do, whatever it is kept in. */
abstract class JobStoreContract {
  static final ApplianceId NORTH = new ApplianceId("north-1");
  static final ApplianceId SOUTH = new ApplianceId("south-1");
  private static final Duration LONG = Duration.ofHours(1);
  private static final String VERSION = "ab".repeat(32);

  JobStore store;

  /** An empty book. */
  abstract JobStore open() throws IOException;

  /** Has leases of a millisecond run out. */
  abstract void pass(Duration time) throws InterruptedException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void apply_newFiles_areQueuedOrDoneAndShownMostUrgentFirst() throws IOException {
    Applied applied =
        store.apply(
            7,
            Set.of(NORTH),
            List.of(
                want(NORTH, "plain", 1, Standing.NO_DEADLINE, false),
                want(NORTH, "held", 9, Standing.NO_DEADLINE, true),
                want(NORTH, "dear", 2.5, Standing.NO_DEADLINE, false),
                want(NORTH, "late", 0, 2_000, false),
                want(NORTH, "soon", 0, 1_000, false)));
    assertEquals(new Applied(true, 5, 0, 0, 0), applied);
    assertEquals(List.of("soon", "late", "dear", "plain"), openPaths(Integer.MAX_VALUE));
    assertEquals(List.of("soon", "late"), openPaths(2));
    assertEquals(JobState.DONE, job("held").standing().state());
    assertEquals(7, store.look().plan());
  }

  @Test
  void apply_notNewer_changesNothing() throws IOException {
    store.apply(7, Set.of(NORTH), List.of(want("a", 1)));
    assertEquals(Applied.STALE, store.apply(7, Set.of(NORTH), List.of()));
    assertEquals(Applied.STALE, store.apply(6, Set.of(NORTH), List.of()));
    assertEquals(JobState.QUEUED, job("a").standing().state());
  }

  @Test
  void apply_sameFileTwice_isRefusedWhole() throws IOException {
    assertThrows(
        IllegalArgumentException.class,
        () -> store.apply(7, Set.of(NORTH), List.of(want("a", 1), want("b", 1), want("a", 2))));
    assertEquals(List.of(), store.jobs(NORTH, null));
    assertEquals(0, store.look().plan());
  }

  @Test
  void apply_notWantedAndWantedAgain_isTheSameJobInItsNextAttempt() throws IOException {
    store.apply(1, Set.of(NORTH, SOUTH), List.of(want("a", 1), want(SOUTH, "a", 1, 5, false)));
    long number = job("a").number();
    assertEquals(1, store.apply(2, Set.of(NORTH), List.of()).withdrawn());
    assertEquals(JobState.CANCELLED, job("a").standing().state());
    assertEquals(JobState.QUEUED, store.jobs(SOUTH, null).getFirst().standing().state());
    assertEquals(1, store.apply(3, Set.of(NORTH), List.of(want("a", 4))).again());
    Job again = job("a");
    assertEquals(number, again.number());
    assertEquals(JobState.QUEUED, again.standing().state());
    assertEquals(2, again.standing().attempt());
    assertEquals(4, again.standing().value());
  }

  @Test
  void apply_otherWorth_isShownAsTouched() throws IOException {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1), want("b", 1)));
    assertEquals(1, store.apply(2, Set.of(NORTH), List.of(want("a", 3), want("b", 1))).changed());
    List<OpenJob> touched = new ArrayList<>();
    store.touched(Set.of(Lease.slotOf(NORTH)), 1, touched::add);
    assertEquals(1, touched.size());
    assertEquals(3, touched.getFirst().standing().value());
    store.touched(Set.of(Lease.slotOf(NORTH) + 1), 0, _ -> assertTrue(false, "another slot"));
  }

  @Test
  void apply_grantedJobNotWanted_isStoppedThroughTheOutbox() throws IOException {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    Lease lease = lease("one", NORTH);
    grant(lease, job("a"));
    store.apply(2, Set.of(NORTH), List.of());
    List<Tell> outbox = store.outbox(Set.of(lease.slot()));
    assertEquals(List.of(Kind.GRANT, Kind.STOP), outbox.stream().map(Tell::kind).toList());
    assertEquals(outbox.getFirst().generation(), outbox.getLast().generation());
    assertEquals(outbox.getFirst().attempt(), outbox.getLast().attempt());
  }

  @Test
  void beat_slotsFree_areTakenUpToTheRoomAndRenewed() throws IOException {
    store.join("one", "a1", LONG);
    assertEquals(10, store.beat("one", "a1", LONG, 0, 10).orElseThrow().size());
    assertTrue(store.beat("one", "a1", LONG, 10, 0).isEmpty(), "nothing has changed");
    store.join("two", "a2", LONG);
    assertEquals(54, store.beat("two", "a2", LONG, 0, 64).orElseThrow().size());
    Look look = store.look();
    assertEquals(2, look.tenants().size());
    assertEquals(10, look.of("one").size());
    assertEquals("a2", look.tenants().getLast().address());
    assertEquals(10, store.beat("one", "a1", LONG, -1, 64).orElseThrow().size());
  }

  @Test
  void beat_leaseRunOut_isTakenWithTheNextGeneration() throws Exception {
    store.join("one", "a1", Duration.ofMillis(1));
    List<Lease> before = store.beat("one", "a1", Duration.ofMillis(1), 0, 64).orElseThrow();
    assertEquals(64, before.size());
    pass(Duration.ofMillis(20));
    store.join("two", "a2", LONG);
    List<Lease> after = store.beat("two", "a2", LONG, 0, 0).orElseThrow();
    assertEquals(64, after.size(), "the dead one's are taken whatever the room");
    assertTrue(before.getFirst().generation() < after.getFirst().generation());
    assertEquals(List.of(), store.beat("one", "a1", LONG, 64, 64).orElseThrow());
  }

  @Test
  void beat_leaseRunOutButNotTaken_isStillOurs() throws Exception {
    store.join("one", "a1", Duration.ofMillis(1));
    List<Lease> before = store.beat("one", "a1", Duration.ofMillis(1), 0, 64).orElseThrow();
    pass(Duration.ofMillis(20));
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    assertInstanceOf(
        Written.Done.class, store.write(before.get(Lease.slotOf(NORTH)), List.of(), List.of()));
    assertEquals(before, store.beat("one", "a1", LONG, -1, 0).orElseThrow());
  }

  @Test
  void release_slots_areFreeForOthersAtOnce() throws IOException {
    store.join("one", "a1", LONG);
    store.beat("one", "a1", LONG, 0, 64);
    store.release("two", List.of(1));
    store.release("one", List.of(2, 3));
    store.join("two", "a2", LONG);
    List<Lease> taken = store.beat("two", "a2", LONG, 0, 64).orElseThrow();
    assertEquals(List.of(2, 3), taken.stream().map(Lease::slot).toList());
  }

  @Test
  void write_underTheLease_changesJobAndOutboxTogether() throws IOException {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    Lease lease = lease("one", NORTH);
    Written.Done done = grant(lease, job("a"));
    assertEquals(List.of(true), done.taken());
    Tell tell = done.tells().getFirst();
    assertEquals(job("a").file(), tell.file());
    assertEquals(lease.generation(), tell.generation());
    assertEquals(List.of(tell), store.outbox(Set.of(lease.slot())));
    assertEquals(JobState.GRANTED, job("a").standing().state());
    assertEquals(lease.generation(), job("a").standing().generation());
    store.write(lease, List.of(), List.of(tell.number()));
    assertEquals(List.of(), store.outbox(Set.of(lease.slot())));
  }

  @Test
  void write_underAnOlderLease_changesNothing() throws Exception {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    store.join("one", "a1", Duration.ofMillis(1));
    Lease old =
        store.beat("one", "a1", Duration.ofMillis(1), 0, 64).orElseThrow().get(Lease.slotOf(NORTH));
    pass(Duration.ofMillis(20));
    Lease lease = lease("two", NORTH);
    Job job = job("a");
    Step step =
        Step.of(job.number(), job.standing(), job.standing().granted(old.generation()), "")
            .telling(Kind.GRANT);
    assertInstanceOf(Written.Stale.class, store.write(old, List.of(step), List.of()));
    assertEquals(job.standing(), job("a").standing());
    assertEquals(List.of(), store.outbox(Set.of(old.slot())));
    grant(lease, job);
  }

  @Test
  void write_revisionOfBefore_isNotTakenAndTheOthersAre() throws IOException {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1), want("b", 1)));
    Lease lease = lease("one", NORTH);
    Job a = job("a");
    Job b = job("b");
    store.apply(2, Set.of(NORTH), List.of(want("a", 2), want("b", 1)));
    Written.Done done =
        (Written.Done)
            store.write(
                lease,
                List.of(
                    Step.of(a.number(), a.standing(), a.standing().paused(true), "x"),
                    Step.of(b.number(), b.standing(), b.standing().paused(true), "y")
                        .ordered("pause", "ann")),
                List.of());
    assertEquals(List.of(false, true), done.taken());
    assertFalse(job("a").standing().paused());
    assertTrue(job("b").standing().paused());
    assertEquals("y", job("b").why());
  }

  @Test
  void write_wait_isShownWithTheJobUntilItIsOver() throws Exception {
    store.apply(1, Set.of(NORTH), List.of(want("a", 1)));
    Lease lease = lease("one", NORTH);
    Job job = job("a");
    store.write(
        lease,
        List.of(
            Step.of(job.number(), job.standing(), job.standing().failed(5, 10), "no")
                .waiting(60_000)),
        List.of());
    List<OpenJob> open = new ArrayList<>();
    store.open(Set.of(lease.slot()), 10, open::add);
    assertTrue(open.getFirst().waitMillis() > 50_000, open.toString());
    assertEquals(2, open.getFirst().standing().attempt());
    assertEquals(10, open.getFirst().standing().checkpoint());
  }

  @Test
  void page_always_goesOnAfterTheNumberAndFilters() throws IOException {
    store.apply(
        1,
        Set.of(NORTH, SOUTH),
        List.of(want("a", 1), want(SOUTH, "a", 1, 5, true), want("b", 1), want("c", 1)));
    List<Job> first = store.page(null, null, 0, 3);
    assertEquals(3, first.size());
    List<Job> rest = store.page(null, null, first.getLast().number(), 3);
    assertEquals(1, rest.size());
    assertEquals(3, store.page(NORTH, null, 0, 10).size());
    assertEquals(
        List.of(SOUTH),
        store.page(null, JobState.DONE, 0, 10).stream().map(Job::appliance).toList());
    assertEquals(List.of(), store.page(SOUTH, JobState.QUEUED, 0, 10));
    assertEquals(
        first.getFirst().number(), store.page(NORTH, JobState.QUEUED, 0, 1).getFirst().number());
  }

  @Test
  void jobs_ofAFile_areThoseOfEachVersion() throws IOException {
    JobFile other = new JobFile("a", "cd".repeat(32), 10);
    store.apply(
        1,
        Set.of(NORTH),
        List.of(want("a", 1), new Wanted(NORTH, other, 1, 5, false), want("b", 1)));
    assertEquals(2, store.jobs(NORTH, Set.of(other.id())).size());
    assertEquals(3, store.jobs(NORTH, null).size());
    assertEquals(List.of(), store.jobs(NORTH, Set.of()));
  }

  Written.Done grant(Lease lease, Job job) throws IOException {
    Step step =
        Step.of(job.number(), job.standing(), job.standing().granted(lease.generation()), "granted")
            .telling(Kind.GRANT);
    return assertInstanceOf(Written.Done.class, store.write(lease, List.of(step), List.of()));
  }

  Lease lease(String owner, ApplianceId appliance) throws IOException {
    store.join(owner, owner, LONG);
    return store.beat(owner, owner, LONG, -1, 64).orElseThrow().stream()
        .filter(lease -> lease.slot() == Lease.slotOf(appliance))
        .findFirst()
        .orElseThrow();
  }

  Job job(String path) throws IOException {
    return store.jobs(NORTH, null).stream()
        .filter(job -> job.file().path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  static Wanted want(String path, double value) {
    return want(NORTH, path, value, Standing.NO_DEADLINE, false);
  }

  static Wanted want(ApplianceId to, String path, double value, long deadline, boolean held) {
    return new Wanted(to, new JobFile(path, VERSION, 1_000), value, deadline, held);
  }

  private List<String> openPaths(int limit) throws IOException {
    List<String> paths = new ArrayList<>();
    List<Job> all = store.jobs(NORTH, null);
    store.open(
        Set.of(Lease.slotOf(NORTH)),
        limit,
        open ->
            all.stream()
                .filter(job -> job.number() == open.number())
                .forEach(job -> paths.add(job.file().path())));
    return paths;
  }
}
