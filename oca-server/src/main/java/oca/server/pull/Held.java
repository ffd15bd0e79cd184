package oca.server.pull;

import oca.server.caching.StoredResponse;
import oca.server.purge.Tags;
import oca.store.FileLease;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/**
 * A response that is kept, and its bytes as far as they are here.
 *
 * @param response by which requests are answered
 * @param object its bytes; null when it has none
 * @param arrivals of those that are to come; null when it has none
 * @param stamp the generation of purges before which its fetch began
 * @param tags by which it may be purged
 * @param slices fetches them; null when all of them are here or on their way
 */
record Held(
    StoredResponse response,
    @Nullable PulledObject object,
    @Nullable Arrivals arrivals,
    @Nullable Slices slices,
    long stamp,
    Tags tags) {

  /** The same bytes, of which something else is known now. */
  Held with(StoredResponse other) {
    return new Held(other, object, arrivals, slices, stamp, tags);
  }

  /** The same, known to be good after those purges. */
  Held stamped(long later) {
    return new Held(response, object, arrivals, slices, later, tags);
  }

  /** Whether it is about the same bytes, whatever else is known of them now. */
  boolean isOfSameBytes(Held other) {
    return object == other.object
        && (object != null || response.variant().equals(other.response.variant()));
  }

  /** With the length of its bytes, when it has become known. */
  Held completed() {
    boolean isNews = object != null && length() >= 0 && response.length() < 0;
    return isNews ? with(response.completed(length())) : this;
  }

  /** Whether its bytes can be had, or it has none. */
  boolean isUsable() {
    return object == null
        || (!object.isDropped() && (arrivals == null || arrivals.fault() == null));
  }

  /**
   * Is not used for new answers any more. Bytes that are coming in yet go on coming for those who
   * read them, and are let go of when they have come.
   */
  void letGo() {
    PulledObject bytes = object;
    Arrivals coming = arrivals;
    boolean isComing =
        bytes != null
            && slices == null
            && coming != null
            && coming.fault() == null
            && !bytes.isWhole();
    if (bytes != null && !isComing) {
      bytes.drop();
    }
  }

  /** Of the whole in bytes, or {@link PulledBody#UNKNOWN}. */
  long length() {
    PulledObject bytes = object;
    return bytes == null ? 0 : bytes.length();
  }

  /** Its bytes, to be closed; null when it has none, or they are gone meanwhile. */
  @Nullable PulledBody open() {
    PulledObject bytes = object;
    Arrivals coming = arrivals;
    if (bytes == null || coming == null) {
      return null;
    }
    FileLease lease = bytes.lease();
    if (lease == null) {
      return null;
    }
    bytes.used();
    return new ObjectBody(bytes, coming, lease, slices, () -> {});
  }
}
