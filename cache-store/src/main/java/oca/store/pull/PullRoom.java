package oca.store.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What objects take on the disk, and which of them make room for others.
 *
 * <p>Changed under one lock, which disk threads alone take: victims are taken off the disk under
 * it, so that what is used never exceeds the capacity, and a thread that needs room waits for them
 * in any case. What event loops ask and tell ({@link #enter}, {@link #missed}, the counts) takes no
 * lock.
 */
final class PullRoom {
  /** What an object takes besides its bytes: its inode and its name. */
  static final int OBJECT_BYTES = 4096;

  private static final int ATTEMPTS = 8;

  private final long capacity;
  private final int maxObjects;
  private final int manyObjects;
  private final EvictionPolicy<PulledObject> policy;
  private final Exits exits;
  private final Tally tally;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong used = new AtomicLong();
  private final AtomicInteger objects = new AtomicInteger();

  /** How an evicted object goes. */
  interface Exits {
    /** Takes it off the disk; false when the disk refuses, and its room stays taken. */
    boolean end(PulledObject victim);

    /** It is gone. Called without a lock. */
    void evicted(PulledObject victim);
  }

  PullRoom(PullStoreConfig config, EvictionPolicy<PulledObject> policy, Exits exits, Tally tally) {
    this.capacity = config.capacityBytes();
    this.maxObjects = config.maxObjects();
    // Begins to evict a little before, so that who creates an object need not wait for that.
    this.manyObjects = maxObjects - Math.clamp(maxObjects / 16, 1, 1024);
    this.policy = policy;
    this.exits = exits;
    this.tally = tally;
  }

  /** Counts an object in, unless there are as many as may be. */
  boolean enter() {
    while (true) {
      int now = objects.get();
      if (now >= maxObjects) {
        return false;
      }
      if (objects.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  /** An object that was counted in comes to nothing. */
  void exit() {
    objects.decrementAndGet();
  }

  /** Evicts until few enough objects are held for others to come, as far as they may go. */
  void trim() {
    List<PulledObject> gone = new ArrayList<>();
    lock.lock();
    try {
      // Each round names one at least, and a reader who comes meanwhile spares it.
      boolean some = true;
      for (int round = manyObjects; round < maxObjects + ATTEMPTS && some; round++) {
        some = objects.get() > manyObjects && evict(1, gone);
      }
    } finally {
      lock.unlock();
    }
    gone.forEach(exits::evicted);
  }

  /** An object that is not held was asked for. */
  void missed(long identity, long bytes) {
    policy.missed(identity, bytes);
  }

  long usedBytes() {
    return used.get();
  }

  int objects() {
    return objects.get();
  }

  /**
   * Takes room for an object's file, and has the policy know of it from now on.
   *
   * @throws PullRefusedException when there is none
   */
  void admit(PulledObject object) throws PullRefusedException {
    List<PulledObject> gone = new ArrayList<>();
    boolean taken;
    lock.lock();
    try {
      if (objects.get() > manyObjects) {
        evict(1, gone);
      }
      taken = clear(OBJECT_BYTES, gone);
      if (taken) {
        place(object, OBJECT_BYTES);
      }
    } finally {
      lock.unlock();
    }
    settle(taken, gone);
  }

  /** Takes in an object that a stop has left; it was counted in. */
  void restore(PulledObject object, long bytes) {
    lock.lock();
    try {
      place(object, bytes);
    } finally {
      lock.unlock();
    }
  }

  private void place(PulledObject object, long bytes) {
    used.addAndGet(bytes);
    object.charged(bytes);
    object.place(policy.inserted(object, bytes));
  }

  /**
   * Takes more room for an object.
   *
   * @throws PullRefusedException when there is none
   */
  void take(PulledObject object, long bytes) throws PullRefusedException {
    List<PulledObject> gone = new ArrayList<>();
    boolean taken;
    lock.lock();
    try {
      taken = clear(bytes, gone);
      if (taken) {
        used.addAndGet(bytes);
        object.charged(object.charged() + bytes);
        EvictionPolicy.@Nullable Place place = object.place();
        if (place != null) {
          policy.resized(place, object.charged());
        }
      }
    } finally {
      lock.unlock();
    }
    settle(taken, gone);
  }

  private void settle(boolean taken, List<PulledObject> gone) throws PullRefusedException {
    gone.forEach(exits::evicted);
    if (!taken) {
      throw tally.refuse(PullRefusal.NO_SPACE);
    }
  }

  /** The object was dropped: the policy forgets it; its room stays taken. */
  void forget(PulledObject object) {
    lock.lock();
    try {
      remove(object);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The object is no more.
   *
   * @param freed whether its bytes are off the disk
   */
  void leave(PulledObject object, boolean freed) {
    lock.lock();
    try {
      left(object, freed);
    } finally {
      lock.unlock();
    }
  }

  private void left(PulledObject object, boolean freed) {
    remove(object);
    if (freed) {
      used.addAndGet(-object.charged());
      object.charged(0);
    }
    objects.decrementAndGet();
  }

  private void remove(PulledObject object) {
    EvictionPolicy.@Nullable Place place = object.place();
    if (place != null) {
      object.place(null);
      policy.removed(place);
    }
  }

  /** Has so many bytes free, by evicting if need be. A reader who comes meanwhile is spared. */
  private boolean clear(long bytes, List<PulledObject> gone) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long missing = used.get() + bytes - capacity;
      if (missing <= 0) {
        return true;
      }
      if (!evict(missing, gone)) {
        return false;
      }
    }
    return used.get() + bytes <= capacity;
  }

  private boolean evict(long bytes, List<PulledObject> gone) {
    List<PulledObject> victims = policy.victims(bytes, PulledObject::isIdle);
    for (PulledObject victim : victims) {
      if (victim.evict()) {
        left(victim, exits.end(victim));
        gone.add(victim);
      }
    }
    return !victims.isEmpty();
  }
}
