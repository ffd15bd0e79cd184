package oca.store.pull;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import oca.store.BlockMap;
import oca.store.FileLease;
import oca.store.disk.BlockChecksums;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One object as far as it has come in. All methods may be called on any thread, and none but {@link
 * #verify} blocks.
 *
 * <p>Bytes are handed over in order within each slice, slices in any order. They can be read as
 * soon as they are in the file, by a lease and as far as {@link #readable} tells. Bytes that are
 * here already are not written again.
 *
 * <p>Who reads, and what is queued to be written, is one number, changed by compare-and-set:
 *
 * <pre>
 *   0 .. readers, work  --drop()-->  DROPPED, readers, work
 *   0                   --drop()-->  GONE                        the last one's close or end
 *                                      ^------------------------- of work leads there, too
 * </pre>
 *
 * From GONE on nobody but the disk thread touches the file, which lets go of the descriptor and
 * gives the room back.
 */
public final class PulledObject implements BlockMap {
  /** Stands for a length that is not known yet. */
  public static final long UNKNOWN = -1;

  private static final Logger log = LoggerFactory.getLogger(PulledObject.class);
  private static final long LEASE = 1;
  private static final long WORK = 1L << 32;
  private static final long LEASES = WORK - 1;
  private static final long DROPPED = 1L << 62;
  private static final long GONE = -1;
  private static final VarHandle STATE = handle("state", long.class);
  private static final VarHandle LENGTH = handle("length", long.class);
  private static final VarHandle QUEUED = handle("queued", long.class);

  private final PullStore store;
  private final DiskThread thread;
  private final long id;
  private final long identity;
  private final Slices slices;
  private final PulledFile file;
  private final PulledLease lease;
  private volatile byte[] label;
  private volatile long length;
  private volatile long state;
  private volatile long queued;
  private volatile EvictionPolicy.@Nullable Place place;
  private volatile @Nullable IOException fault;
  // Of the store's room. Guarded by the room's lock.
  private long charged;

  PulledObject(
      PullStore store,
      DiskThread thread,
      long id,
      long identity,
      byte[] label,
      long length,
      Slices slices,
      PulledFile file) {
    this.store = store;
    this.thread = thread;
    this.id = id;
    this.identity = identity;
    this.label = label;
    this.length = length;
    this.slices = slices;
    this.file = file;
    this.lease = new PulledLease(this, file, store.volume());
  }

  /** A number that no other object of this store has or had, since it was last empty. */
  public long id() {
    return id;
  }

  /** What it is a copy of, as {@link PullStore#create} was told. */
  public long identity() {
    return identity;
  }

  /** Of the whole object in bytes; {@link #UNKNOWN} until it is known. */
  public long length() {
    return length;
  }

  /** What the caller says of it. */
  public byte[] label() {
    return label.clone();
  }

  /**
   * Says something else of it; the last word is what a restart brings back.
   *
   * @throws IllegalArgumentException when it is too long
   */
  public void relabel(byte[] other) {
    if (other.length > store.config().maxLabelBytes()) {
      throw new IllegalArgumentException(
          "a label of %d bytes: maxLabelBytes is %d"
              .formatted(other.length, store.config().maxLabelBytes()));
    }
    label = other.clone();
  }

  /**
   * How many bytes can be read from an offset on, without a gap; of a long run the first {@value
   * Slices#LONGEST_RUN} slices. Makes no garbage.
   */
  @Override
  public long readable(long from) {
    return slices.readable(from);
  }

  /** Whether all of it is here. */
  public boolean isWhole() {
    long all = length;
    return all != UNKNOWN && slices.whole() >= count(all);
  }

  /** The slices that are whole, by number; more may come. The others are to be fetched. */
  public BitSet wholeSlices() {
    return slices.wholeOnes();
  }

  /** How many bytes a slice has, but for the last one. */
  public int sliceBytes() {
    return store.config().sliceBytes();
  }

  /** Whether it gives no leases any more. */
  public boolean isDropped() {
    long now = state;
    return now < 0 || (now & DROPPED) != 0;
  }

  /** Tells that it was asked for: a write or two, no lock. */
  public void used() {
    EvictionPolicy.Place told = place;
    if (told != null) {
      told.hit();
    }
  }

  /**
   * The right to read it, to be closed once; null when it was dropped. Channel and descriptor can
   * be asked for as soon as any byte is readable. Makes no garbage.
   */
  public @Nullable FileLease lease() {
    return take(LEASE) ? lease : null;
  }

  /** How many of its bytes wait to be written. */
  public long queued() {
    return queued;
  }

  /**
   * Has bytes written. They go in behind those handed over before.
   *
   * <p>After a fault of the disk the object is dropped. After a {@link PullRefusedException} it is
   * not: what was readable stays so, and so does what of these bytes lay before the cause.
   *
   * @param offset of the first byte, in the object: the start of a slice, or behind or among what
   *     is here, or waits, of its slice
   * @param bytes the remaining ones; belong to the store until it is done with them
   * @param done told once, with null when the bytes are readable, else with what went wrong: on the
   *     disk's thread, or on the caller's before this returns when they are not taken; must not
   *     block. Of a write that hangs in the disk, only when it returns
   */
  public void write(long offset, ByteBuffer bytes, Consumer<@Nullable IOException> done) {
    int count = bytes.remaining();
    PullRefusal refusal = refusal(offset, count);
    if (refusal == null && !take(WORK)) {
      refusal = PullRefusal.DROPPED;
    }
    if (refusal != null) {
      tell(done, refused(refusal));
      return;
    }
    QUEUED.getAndAdd(this, (long) count);
    if (!thread.offer(new Write(offset, bytes, count, done))) {
      written(count);
      tell(done, refused(PullRefusal.CLOSED));
      give(WORK);
    }
  }

  /** Why bytes are not taken; null when they are, and then they count as waiting in the store. */
  private @Nullable PullRefusal refusal(long offset, int count) {
    long end = length == UNKNOWN ? store.config().maxObjectBytes() : length;
    if (offset < 0) {
      throw new IllegalArgumentException("an offset below zero: " + offset);
    }
    if (offset > end - count) {
      return length == UNKNOWN ? PullRefusal.OBJECT_TOO_LARGE : PullRefusal.BEYOND_END;
    }
    if (isDropped()) {
      return PullRefusal.DROPPED;
    }
    if (thread.hangs()) {
      return PullRefusal.DISK_HANGS;
    }
    return store.queue(count) ? null : PullRefusal.QUEUE_FULL;
  }

  private IOException refused(PullRefusal refusal) {
    IOException known = fault;
    PullRefusedException refused = store.tally().refuse(refusal);
    return refusal == PullRefusal.DROPPED && known != null ? known : refused;
  }

  private final class Write implements DiskThread.Job {
    private final long offset;
    private final ByteBuffer bytes;
    private final int count;
    private final Consumer<@Nullable IOException> done;
    private final AtomicBoolean begun = new AtomicBoolean();

    Write(long offset, ByteBuffer bytes, int count, Consumer<@Nullable IOException> done) {
      this.offset = offset;
      this.bytes = bytes;
      this.count = count;
      this.done = done;
    }

    @Override
    public void run() {
      if (begun.compareAndSet(false, true)) {
        end(writeNow(offset, bytes));
      }
    }

    @Override
    public void hangs(IOException why) {
      fail(PullListener.Cause.HUNG, why);
    }

    @Override
    public boolean abandon(IOException why) {
      if (!begun.compareAndSet(false, true)) {
        return false;
      }
      fail(PullListener.Cause.HUNG, why);
      end(why);
      return true;
    }

    private void end(@Nullable IOException how) {
      written(count);
      tell(done, how);
      give(WORK);
    }
  }

  private @Nullable IOException writeNow(long offset, ByteBuffer bytes) {
    if (isDropped()) {
      return refused(PullRefusal.DROPPED);
    }
    try {
      store.wrote(
          file.write(offset, bytes, length, more -> store.room().take(this, more), store.tally()));
      // It may have been dropped, and its bytes with it, while this write hung.
      return isDropped() ? refused(PullRefusal.DROPPED) : null;
    } catch (PullRefusedException e) {
      return e;
    } catch (IOException e) {
      fail(PullListener.Cause.FAULT, e);
      return e;
    }
  }

  private void written(int count) {
    QUEUED.getAndAdd(this, -(long) count);
    store.unqueue(count);
  }

  private static void tell(Consumer<@Nullable IOException> done, @Nullable IOException how) {
    try {
      done.accept(how);
    } catch (RuntimeException e) {
      log.error("who wrote to an object failed when told of it", e);
    }
  }

  /**
   * Says how long an object is whose length was not known. Bytes beyond it drop the object.
   *
   * @param whole in bytes, 0 or more
   * @throws IllegalStateException when another length is known; the caller drops what is wrong
   */
  public void finish(long whole) {
    if (whole < 0 || whole > store.config().maxObjectBytes()) {
      throw new IllegalArgumentException("a length of %d bytes".formatted(whole));
    }
    if (!LENGTH.compareAndSet(this, UNKNOWN, whole)) {
      if (length != whole) {
        throw new IllegalStateException(
            "an object of %d bytes cannot be one of %d".formatted(length, whole));
      }
      return;
    }
    submit(() -> file.finish(whole), PullListener.Cause.FAULT);
  }

  /** Has the file made. */
  void make() {
    submit(
        () -> {
          store.room().admit(this);
          file.make();
        },
        PullListener.Cause.NO_SPACE);
  }

  private interface Step {
    void run() throws IOException;
  }

  /** Has something done with the file, unless the object is dropped meanwhile. */
  private void submit(Step step, PullListener.Cause refused) {
    if (!take(WORK)) {
      return;
    }
    boolean taken =
        thread.offer(
            new DiskThread.Job() {
              @Override
              public void run() {
                runNow(step, refused);
                give(WORK);
              }

              @Override
              public void hangs(IOException why) {
                fail(PullListener.Cause.HUNG, why);
              }
            });
    if (!taken) {
      give(WORK);
    }
  }

  private void runNow(Step step, PullListener.Cause refused) {
    if (isDropped()) {
      return;
    }
    try {
      step.run();
    } catch (PullRefusedException e) {
      fail(refused, e);
    } catch (IOException e) {
      fail(PullListener.Cause.FAULT, e);
    }
  }

  /** No new leases from now on; its room is free once the last one is closed. */
  public void drop() {
    drop(PullListener.Cause.ASKED);
  }

  void drop(PullListener.Cause cause) {
    while (true) {
      long now = state;
      if (now < 0 || (now & DROPPED) != 0) {
        return;
      }
      if (STATE.compareAndSet(this, now, now == 0 ? GONE : now | DROPPED)) {
        if (now == 0) {
          ends();
        } else {
          onDisk(() -> store.leaves(this));
        }
        store.dropped(this, cause);
        return;
      }
    }
  }

  /** Drops it if nobody reads or writes; then the caller ends it. */
  boolean evict() {
    return STATE.compareAndSet(this, 0, GONE);
  }

  /** Whether nobody reads or writes. */
  boolean isIdle() {
    return state == 0;
  }

  /** The store is closed: the file stays, the descriptor goes with the last lease. */
  void retire() {
    file.keep();
    while (true) {
      long now = state;
      if (now < 0 || (now & DROPPED) != 0) {
        return;
      }
      if (STATE.compareAndSet(this, now, now == 0 ? GONE : now | DROPPED)) {
        if (now == 0) {
          ends();
        }
        return;
      }
    }
  }

  private void fail(PullListener.Cause cause, IOException why) {
    fault = why;
    if (cause == PullListener.Cause.FAULT) {
      store.faulted(this, why);
    }
    drop(cause);
  }

  /** A reader could not read. */
  void readFailed(IOException why) {
    fail(PullListener.Cause.FAULT, why);
  }

  /** One lease more for somebody who has one, whether the object is dropped by now or not. */
  void share() {
    while (true) {
      long now = state;
      if (now < 0 || (now & LEASES) == 0) {
        throw new IllegalStateException("object " + id + " has no lease to share");
      }
      if (STATE.compareAndSet(this, now, now + LEASE)) {
        return;
      }
    }
  }

  /** Gives one lease back. */
  void release() {
    give(LEASE);
  }

  private boolean take(long unit) {
    while (true) {
      long now = state;
      if (now < 0 || (now & DROPPED) != 0) {
        return false;
      }
      if (STATE.compareAndSet(this, now, now + unit)) {
        return true;
      }
    }
  }

  private void give(long unit) {
    while (true) {
      long now = state;
      long out = unit == LEASE ? now & LEASES : (now & ~DROPPED) >>> 32;
      if (now < 0 || out == 0) {
        throw new IllegalStateException("object " + id + " has no lease to give back");
      }
      boolean last = now - unit == DROPPED;
      if (STATE.compareAndSet(this, now, last ? GONE : now - unit)) {
        if (last) {
          ends();
        }
        return;
      }
    }
  }

  private void ends() {
    onDisk(() -> store.ends(this));
  }

  /** On the disk's thread; here and now when the store is closed, and with it the event loops. */
  private void onDisk(DiskThread.Job job) {
    if (!thread.offer(job)) {
      job.run();
    }
  }

  /**
   * Reads a slice and compares it with its checksum. Blocks on the disk.
   *
   * @return false when the slice is not whole, not what was written, or the object is dropped
   */
  public boolean verify(int slice) throws IOException {
    if (!take(LEASE)) {
      return false;
    }
    try {
      return file.verify(slice, length);
    } finally {
      give(LEASE);
    }
  }

  /** How many slices so many bytes have. */
  long count(long bytes) {
    return BlockChecksums.blocks(bytes, sliceBytes());
  }

  Slices slices() {
    return slices;
  }

  PulledFile file() {
    return file;
  }

  EvictionPolicy.@Nullable Place place() {
    return place;
  }

  void place(EvictionPolicy.@Nullable Place told) {
    place = told;
  }

  long charged() {
    return charged;
  }

  void charged(long bytes) {
    charged = bytes;
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(PulledObject.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
