package oca.store.simulate;

import java.io.IOException;
import java.util.List;
import oca.store.evict.EvictionPolicies;
import oca.store.evict.EvictionPolicy;
import org.jspecify.annotations.Nullable;

/** A cache of one size under one of the store's policies, played over a recording. */
final class PolicyRun {
  private final Recording recording;
  private final long capacity;
  private final EvictionPolicy<Integer> policy;
  private final EvictionPolicy.@Nullable Place[] places;
  private long used;
  private long hits;
  private long byteHits;
  private long written;

  private PolicyRun(Recording recording, long capacity, EvictionPolicy<Integer> policy) {
    this.recording = recording;
    this.capacity = capacity;
    this.policy = policy;
    places = new EvictionPolicy.Place[recording.objects()];
  }

  /** Plays the whole recording. On any thread. */
  static Outcome play(Recording recording, long capacity, EvictionPolicies policy, long seed)
      throws IOException {
    PolicyRun run =
        new PolicyRun(
            recording, capacity, policy.<Integer>create(capacity, seed, Integer::longValue));
    recording.forward(
        (first, objects, count) -> {
          for (int i = 0; i < count; i++) {
            run.request(objects[i]);
          }
        });
    return new Outcome(run.hits, run.byteHits, run.written);
  }

  private void request(int object) {
    long bytes = recording.size(object);
    EvictionPolicy.@Nullable Place place = places[object];
    if (place != null) {
      place.hit();
      hits++;
      byteHits += bytes;
      return;
    }
    policy.missed(object, bytes);
    if (bytes <= capacity && policy.admits(object, bytes) && makeRoom(bytes)) {
      places[object] = policy.inserted(object, bytes);
      used += bytes;
      written += bytes;
    }
  }

  private boolean makeRoom(long bytes) {
    if (used + bytes <= capacity) {
      return true;
    }
    List<Integer> victims = policy.victims(used + bytes - capacity, object -> true);
    for (Integer victim : victims) {
      EvictionPolicy.@Nullable Place place = places[victim];
      if (place == null) {
        throw new IllegalStateException("the policy named a file that is not held: " + victim);
      }
      policy.removed(place);
      places[victim] = null;
      used -= recording.size(victim);
    }
    return used + bytes <= capacity;
  }
}
