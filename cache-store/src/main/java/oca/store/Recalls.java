package oca.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import oca.store.RecallBook.Sums;
import oca.store.disk.BlockTable;
import oca.store.disk.ContentFile;
import oca.store.disk.Disk;
import oca.store.disk.Lineage;
import oca.store.disk.OpenFile;
import oca.store.disk.Volume;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Withdraws what came from one source in a time.
 *
 * <p>What is done to a file is what is done when blocks are found damaged ({@link Damage}): it
 * leaves the table and becomes a partial file that lacks those blocks, and who listens is told of
 * the gaps. A session that fills a file ends first. Answers under way do not get a withdrawn block
 * any more, as it does not match its checksum from then on.
 *
 * <p>The order is in the book before the first file is touched. A stop in the midst of it, or a
 * volume that is away, leaves it in force there: {@link Recovery} then reads that volume file by
 * file and lets none into the table that has not been through {@link #sift}. One order is carried
 * out at a time, on a thread of its own.
 */
final class Recalls {
  private static final Logger log = LoggerFactory.getLogger(Recalls.class);

  /** A file that changes hands between looking and taking is looked at again so often. */
  private static final int ATTEMPTS = 20;

  /** The id of a volume that could not be opened. */
  private static final UUID NOBODY = new UUID(0, 0);

  private static final long DEPARTURE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Supplier<List<Shelf>> shelves;
  private final Holdings holdings;
  private final Damage damage;
  private final RecallBook book;
  private final InstantSource clock;
  private final LineageReader reader;
  private final Map<Long, Sums> found = new HashMap<>();
  private final Object counting = new Object();
  private final AtomicLong orders = new AtomicLong();
  private Sums sums = Sums.NONE;
  private volatile @Nullable Run running;

  /** One order being carried out. */
  private static final class Run {
    private final RecallOrder order;
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong unread = new AtomicLong();
    private final AtomicLong leaving = new AtomicLong();

    /** Of its own thread. What is there of them later was fetched since, and is none of its own. */
    private final Set<ContentKey> taken = new HashSet<>();

    Run(RecallOrder order) {
      this.order = order;
    }

    void took(ContentKey key, SourceTrace.Traced traced) {
      taken.add(key);
      files.incrementAndGet();
      blocks.addAndGet(traced.blocks());
      bytes.addAndGet(traced.bytes());
    }

    Sums sums() {
      return new Sums(read.get(), files.get(), blocks.get(), bytes.get(), unread.get());
    }
  }

  Recalls(
      Supplier<List<Shelf>> shelves,
      Holdings holdings,
      Damage damage,
      RecallBook book,
      InstantSource clock) {
    this.shelves = shelves;
    this.holdings = holdings;
    this.damage = damage;
    this.book = book;
    this.clock = clock;
    this.reader = new LineageReader(holdings);
  }

  /**
   * Notes an order and begins with it.
   *
   * @param recovery waited for, as files may still be found
   * @throws IllegalStateException when another is under way or too many are not done
   */
  synchronized RecallStatus begin(
      SourceQuery what, String who, String why, int most, Recovery recovery) throws IOException {
    Run before = running;
    if (before != null) {
      throw new IllegalStateException("recall " + before.order.number() + " is under way");
    }
    if (holdings.closed()) {
      throw new IllegalStateException("the store is closed");
    }
    long now = clock.instant().getEpochSecond();
    // What comes in from now on was fetched by those who know of it.
    long to = Math.min(what.toSecond(), now + 1);
    if (to <= what.fromSecond()) {
      throw new IllegalArgumentException("a time that is still to come; nothing came in then");
    }
    SourceQuery past = new SourceQuery(what.source(), what.fromSecond(), to, what.uncertain());
    Set<UUID> here = new HashSet<>();
    for (Shelf shelf : shelves.get()) {
      if (!shelf.volume().storeId().equals(NOBODY)) {
        here.add(shelf.volume().storeId());
      }
    }
    RecallOrder order = book.add(past, who, why, now, most, here);
    log.warn(
        "recall {} of what came from {} between {} and {}, ordered by {}: {}",
        order.number(),
        past.source(),
        Instant.ofEpochSecond(past.fromSecond()),
        Instant.ofEpochSecond(past.toSecond()),
        who,
        why);
    orders.incrementAndGet();
    Run run = new Run(order);
    running = run;
    Thread.ofPlatform().daemon().name("store-recall").start(() -> carryOut(run, recovery));
    return status(order.number()).orElseThrow();
  }

  /** What was done since the start. Never blocks on a disk. */
  RecallCounts counts() {
    Set<UUID> here = new HashSet<>();
    for (Shelf shelf : shelves.get()) {
      if (shelf.volume().inService()) {
        here.add(shelf.volume().storeId());
      }
    }
    long open = book.pages().stream().filter(it -> !it.done().containsAll(here)).count();
    Sums now;
    Run run = running;
    synchronized (counting) {
      now = run == null ? sums : sums.plus(run.sums());
    }
    return new RecallCounts(
        orders.get(), now.files(), now.blocks(), now.bytes(), now.unread(), open);
  }

  /** All orders that are remembered, the oldest first. */
  List<RecallStatus> status() {
    // In this order: one that ends meanwhile is shown as running, and not twice as much.
    Run run = running;
    return book.pages().stream().map(it -> status(it, run)).toList();
  }

  Optional<RecallStatus> status(long number) {
    return status().stream().filter(it -> it.order().number() == number).findFirst();
  }

  /** Waits for an order's end; false when it has not come by then. */
  boolean await(long number, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    synchronized (this) {
      for (Run run = running; run != null && run.order.number() == number; run = running) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    }
  }

  /** Waits, when the store is closed, for one that is under way to see it. */
  void awaitEnd(Duration patience) {
    Run run = running;
    try {
      if (run != null && !await(run.order.number(), patience.toNanos())) {
        log.warn("recall {} does not end; the next start goes on with it", run.order.number());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private RecallStatus status(RecallBook.Page page, @Nullable Run run) {
    boolean runs = run != null && run.order.number() == page.order().number();
    Sums sums = runs && run != null ? run.sums() : page.sums();
    List<String> open =
        shelves.get().stream()
            .map(Shelf::volume)
            .filter(it -> !page.done().contains(it.storeId()))
            .map(it -> it.folder().toString())
            .toList();
    return new RecallStatus(
        page.order(),
        runs,
        sums.read(),
        sums.files(),
        sums.blocks(),
        sums.bytes(),
        sums.unread(),
        open);
  }

  /** Whether an order is in force on any of these volumes. */
  boolean anyOpen(List<Shelf> on) {
    return on.stream()
        .map(Shelf::volume)
        .anyMatch(it -> it.inService() && !book.open(it.storeId()).isEmpty());
  }

  /**
   * Takes back from a file that lies on a volume, and is in no table yet, what orders in force
   * there mean.
   *
   * @param there the blocks that it has
   * @param whole whether it lies among whole files; it then becomes a partial one
   * @return whether something was taken back
   */
  boolean sift(Shelf shelf, Path path, ContentFile.Header header, BitSet there, boolean whole)
      throws IOException {
    synchronized (found) {
      Volume volume = shelf.volume();
      boolean any = false;
      for (RecallOrder order : book.open(volume.storeId())) {
        FileLineage file;
        try (OpenFile open = volume.disk().open(path, Disk.Mode.READ)) {
          file =
              new FileLineage(
                  StoredFile.meta(header),
                  header.blockBytes(),
                  whole ? FileLineage.State.WHOLE : FileLineage.State.PARTIAL,
                  LineageRun.of(open.channel(), header, there));
        }
        SourceTrace.Traced traced = LineageReader.traced(order.what(), file);
        if (traced.blocks() > 0) {
          BitSet blocks = order.what().blocks(file.runs());
          clear(volume, path, header, blocks, order.what(), whole && !any);
          there.andNot(blocks);
          Sums one = new Sums(1, 1, traced.blocks(), traced.bytes(), 0);
          found.merge(order.number(), one, Sums::plus);
          any = true;
        }
      }
      if (any && whole) {
        volume.withdraw(header.high(), header.low());
      }
      return any;
    }
  }

  /** A volume was read file by file, each of them sifted. */
  void sifted(Shelf shelf) {
    UUID volume = shelf.volume().storeId();
    Run run = running;
    for (RecallOrder order : book.open(volume)) {
      if (run == null || run.order.number() != order.number()) {
        Sums sums;
        synchronized (found) {
          sums = Optional.ofNullable(found.remove(order.number())).orElse(Sums.NONE);
        }
        log.warn(
            "recall {} is done on {} too: {} blocks of {} files withdrawn before they were served",
            order.number(),
            shelf.volume().folder(),
            sums.blocks(),
            sums.files());
        settle(order.number(), sums, Set.of(volume));
      }
    }
  }

  private void clear(
      Volume volume,
      Path path,
      ContentFile.Header header,
      BitSet blocks,
      SourceQuery what,
      boolean reopen)
      throws IOException {
    try (OpenFile open = volume.disk().open(path, Disk.Mode.UPDATE)) {
      BlockTable table = new BlockTable(open.channel(), header);
      if (reopen) {
        table.reopen();
      }
      for (int block = blocks.nextSetBit(0); block >= 0; block = blocks.nextSetBit(block + 1)) {
        table.clear(block);
      }
      renew(open, what, clock.instant().getEpochSecond());
      open.channel().force(true);
    }
  }

  /**
   * Has the slots of what was taken back say that nothing came by them before now, so that blocks
   * which come the same way again are not taken for the old ones. They stay, for they also say
   * which writer was the last.
   */
  static void renew(OpenFile open, SourceQuery what, long second) throws IOException {
    Lineage lineage = Lineage.read(open.channel());
    for (int slot = 1; slot <= Lineage.SLOTS; slot++) {
      if (lineage.slot(slot).filter(what::covers).isPresent()) {
        lineage.renew(slot, second);
      }
    }
  }

  private void carryOut(Run run, Recovery recovery) {
    Set<UUID> done = new HashSet<>();
    try {
      Set<Shelf> searched = new HashSet<>(shelves.get());
      searched.removeIf(it -> !it.volume().inService());
      search(run);
      if (recovery.running()) {
        recovery.await(() -> holdings.closed(), Duration.ofDays(1));
        search(run);
      }
      awaitDepartures(run);
      // What was on its way when all were looked at: between two states it is in no table.
      for (ContentKey key : holdings.unfinished()) {
        if (!run.taken.contains(key)) {
          recall(run, key);
        }
      }
      awaitDepartures(run);
      if (!holdings.closed() && run.unread.get() == 0 && run.leaving.get() == 0) {
        searched.stream()
            .map(Shelf::volume)
            .filter(Volume::inService)
            .forEach(it -> done.add(it.storeId()));
      }
    } catch (RuntimeException e) {
      log.error("recall {} ended early", run.order.number(), e);
    } finally {
      settle(run.order.number(), run.sums(), done);
      synchronized (this) {
        running = null;
        notifyAll();
      }
    }
    log.warn(
        "recall {}: {} blocks of {} files, {} bytes, withdrawn; {} of {} files could not be read",
        run.order.number(),
        run.blocks,
        run.files,
        run.bytes,
        run.unread,
        run.read);
  }

  private void search(Run run) {
    for (ContentKey key : reader.keys()) {
      if (holdings.closed()) {
        return;
      }
      run.read.incrementAndGet();
      recall(run, key);
    }
  }

  private void recall(Run run, ContentKey key) {
    SourceQuery what = run.order.what();
    try {
      for (int attempt = 0; attempt < ATTEMPTS && !holdings.closed(); attempt++) {
        Optional<FileLineage> found = reader.of(key);
        if (found.isEmpty()) {
          return;
        }
        SourceTrace.Traced traced = LineageReader.traced(what, found.get());
        if (traced.blocks() == 0 || take(run, key, found.get())) {
          if (traced.blocks() > 0) {
            run.took(key, traced);
          }
          return;
        }
      }
    } catch (IOException e) {
      log.warn("content {} cannot be looked at: {}", key, e.toString());
    }
    run.unread.incrementAndGet();
  }

  /** False when it has become something else meanwhile. */
  private boolean take(Run run, ContentKey key, FileLineage seen) {
    SourceQuery what = run.order.what();
    switch (holdings.get(key)) {
      case StoredFile file -> {
        if (seen.state() != FileLineage.State.WHOLE) {
          return false;
        }
        run.leaving.incrementAndGet();
        boolean taken =
            damage.recall(file, what.blocks(seen.runs()), what, run.leaving::decrementAndGet);
        if (!taken) {
          run.leaving.decrementAndGet();
        }
        return taken;
      }
      case DiskFill fill -> {
        fill.close();
        return false;
      }
      case null -> {
        return takePartial(run, key);
      }
    }
  }

  private boolean takePartial(Run run, ContentKey key) {
    holdings.lock().lock();
    try {
      Optional<Partials.Partial> rest = holdings.partials().take(key);
      if (rest.isEmpty()) {
        return false;
      }
      Partials.Partial partial = rest.get();
      run.leaving.incrementAndGet();
      partial
          .shelf()
          .departures()
          .leave(
              key,
              0,
              () -> {
                try {
                  clearPartial(partial, run.order.what());
                } finally {
                  run.leaving.decrementAndGet();
                }
              });
      return true;
    } finally {
      holdings.lock().unlock();
    }
  }

  private void clearPartial(Partials.Partial partial, SourceQuery what) {
    ContentFile.Header header = partial.header();
    Volume volume = partial.shelf().volume();
    Path path = volume.partialPath(header.high(), header.low());
    boolean cleared = false;
    try {
      BitSet blocks;
      try (OpenFile open = volume.disk().open(path, Disk.Mode.READ)) {
        BitSet written = new BlockTable(open.channel(), header).written();
        blocks = what.blocks(LineageRun.of(open.channel(), header, written));
      }
      clear(volume, path, header, blocks, what, false);
      cleared = true;
    } catch (IOException e) {
      partial.shelf().charge(e);
    }
    holdings.lock().lock();
    try {
      if (cleared) {
        holdings.withdrawn(partial);
      } else {
        holdings.drop(partial);
      }
    } finally {
      holdings.lock().unlock();
    }
  }

  /** However many there are: only a disk on which nothing goes on any more is given up. */
  private void awaitDepartures(Run run) {
    long before;
    do {
      before = run.leaving.get();
      awaitSomeDepartures(run);
    } while (run.leaving.get() > 0 && run.leaving.get() < before && !holdings.closed());
  }

  private void awaitSomeDepartures(Run run) {
    for (Shelf shelf : shelves.get()) {
      Departures departures = shelf.departures();
      departures.await(
          () ->
              run.leaving.get() == 0
                  || departures.waiting() == 0
                  || holdings.closed()
                  || !shelf.volume().inService(),
          DEPARTURE_NANOS);
    }
  }

  private void settle(long number, Sums more, Set<UUID> done) {
    synchronized (counting) {
      sums = sums.plus(more);
    }
    try {
      book.note(number, more, done);
    } catch (IOException e) {
      log.error("what came of recall {} is not written down; a restart repeats it", number, e);
    }
  }
}
