package oca.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import oca.model.ContentId;
import oca.model.ContentPath;
import oca.server.pull.Remembered;
import oca.server.range.Representation;
import oca.store.ContentKey;
import oca.store.ContentMeta;
import org.jspecify.annotations.Nullable;

/**
 * The paths asked for lately, with what follows from each: a path's digest and the text of its
 * file's fields cost more than all else that is done for a request in the processor.
 *
 * <p>A table of one place for each hash, so that it is bounded and a newer path takes an older
 * one's place. On one thread only.
 */
final class KnownPaths {
  private static final int PLACES = 2048;

  /** For a request that names no file. */
  static final Path NONE = new Path(new byte[0], "", null, false);

  private final Predicate<String> pulled;
  private final @Nullable Path[] places = new Path[PLACES];
  private byte[] lastHost = new byte[0];
  private String lastHostText = "";

  /** A path, and what its file was when it was last looked at. */
  static final class Path {
    private final byte[] bytes;
    private final String text;
    private final @Nullable ContentId id;
    private final @Nullable ContentKey key;
    private final boolean isPulled;
    private final Remembered remembered = new Remembered();
    private @Nullable ContentMeta meta;
    private @Nullable ServedFile file;

    Path(byte[] bytes, String text, @Nullable ContentId id, boolean isPulled) {
      this.isPulled = isPulled;
      this.bytes = bytes;
      this.text = text;
      this.id = id;
      this.key = id == null ? null : new ContentKey(id.high(), id.low());
    }

    /** As it was sent. */
    String text() {
      return text;
    }

    /** Null when no file of the store can have this path. */
    @Nullable ContentId id() {
      return id;
    }

    /** Whether a service that pulls has this path, with or without a token before it. */
    boolean isPulled() {
      return isPulled;
    }

    /** What was answered to plain requests for it by a service that pulls. */
    Remembered remembered() {
      return remembered;
    }

    /** The same for the store. */
    @Nullable ContentKey key() {
      return key;
    }

    /** A file that was found at this path; the same one again for the same file. */
    @SuppressWarnings(
        "ReferenceEquality") // one object is one file; comparing texts would cost more
    ServedFile of(ContentMeta now) {
      ServedFile known = file;
      if (known == null || meta != now) {
        known =
            ServedFile.of(
                Representation.of(
                    now.sha256(), now.length(), now.modifiedSecond(), now.mediaType()));
        file = known;
        meta = now;
      }
      return known;
    }
  }

  /**
   * @param pulled whether a service that pulls has a path
   */
  KnownPaths(Predicate<String> pulled) {
    this.pulled = pulled;
  }

  /** The path that these bytes spell. */
  Path of(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + bytes[i];
    }
    int place = (hash ^ hash >>> 11 ^ hash >>> 22) & PLACES - 1;
    Path known = places[place];
    if (known != null && Arrays.equals(known.bytes, 0, known.bytes.length, bytes, from, to)) {
      return known;
    }
    Path made = make(bytes, from, to);
    // What cannot be a path would only take the place of one that is.
    if (made.id != null || made.isPulled) {
      places[place] = made;
    }
    return made;
  }

  /** The path of this text. */
  Path of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return of(bytes, 0, bytes.length);
  }

  /** The text of a host; clients of one loop mostly name the same. */
  String host(byte[] bytes, int from, int to) {
    if (!Arrays.equals(lastHost, 0, lastHost.length, bytes, from, to)) {
      lastHost = Arrays.copyOfRange(bytes, from, to);
      lastHostText = new String(lastHost, StandardCharsets.ISO_8859_1);
    }
    return lastHostText;
  }

  private Path make(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    ContentId id = ContentPath.fault(text) == null ? ContentId.ofPath(text) : null;
    boolean isPulled = pulled.test(text) || pulled.test(text.substring(text.indexOf('/') + 1));
    return new Path(Arrays.copyOfRange(bytes, from, to), text, id, isPulled);
  }
}
