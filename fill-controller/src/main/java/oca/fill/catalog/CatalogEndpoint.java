package oca.fill.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import oca.protocol.CatalogDelta;
import oca.protocol.CatalogDigest;
import oca.protocol.CatalogEntry;
import oca.protocol.Wire;
import oca.protocol.http.Request;
import oca.protocol.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /v1/catalog}: the catalogue in force, with an ETag made of its content; 304
 * when the asker has it; 226 with the titles that changed since the version that it has, for an
 * asker that takes that (RFC 3229); 503 before the first.
 *
 * <p>Of versions before, only the digest of each title is kept, and only of those that somebody was
 * given. Locks while a version is prepared: not for an event loop.
 */
public final class CatalogEndpoint {
  /**
   * A version that somebody was given.
   *
   * @param titles the digest of each
   */
  private record Version(String etag, CatalogDigest digest, Map<String, CatalogDigest> titles) {}

  private final Supplier<CatalogView> source;
  private final int keep;
  private final Map<String, Version> past = new LinkedHashMap<>();
  private final Map<String, byte[]> deltaBodies = new HashMap<>();
  private final LongAdder same = new LongAdder();
  private final LongAdder wholes = new LongAdder();
  private final LongAdder wholeBytes = new LongAdder();
  private final LongAdder deltas = new LongAdder();
  private final LongAdder deltaBytes = new LongAdder();
  private CatalogView view = CatalogView.EMPTY;
  private @Nullable Version current;

  /**
   * Answers with what the source gives.
   *
   * @param keep versions before the one in force from which what changed is told
   */
  public CatalogEndpoint(Supplier<CatalogView> source, int keep) {
    this.source = source;
    this.keep = keep;
  }

  /** The answer. */
  public synchronized Response answer(Request request) {
    Version now = current();
    if (now == null) {
      return Response.problem(503, "there is no catalogue yet").with("Retry-After", "1");
    }
    String given = request.header("if-none-match").map(String::strip).orElse("");
    if (given.equals(now.etag())) {
      same.increment();
      return Response.empty(304).with("ETag", now.etag());
    }
    Version base = takesDeltas(request) ? past.get(given) : null;
    if (base != null) {
      byte[] delta = deltaBodies.computeIfAbsent(given, _ -> Wire.write(delta(base, now)));
      deltas.increment();
      deltaBytes.add(delta.length);
      return new Response(226, Map.of("Content-Type", Wire.MEDIA_TYPE), delta)
          .with("IM", CatalogDelta.MANIPULATION)
          .with("Delta-Base", given)
          .with("ETag", now.etag());
    }
    byte[] whole = Wire.write(view.catalog());
    wholes.increment();
    wholeBytes.add(whole.length);
    return Response.bytes(Wire.MEDIA_TYPE, whole).with("ETag", now.etag());
  }

  /** Answers by how: {@code same}, {@code whole}, {@code delta}. */
  public Map<String, Long> answers() {
    return Map.of("same", same.sum(), "whole", wholes.sum(), "delta", deltas.sum());
  }

  /** Bytes of catalogues and deltas that were answered. */
  public Map<String, Long> bytes() {
    return Map.of("whole", wholeBytes.sum(), "delta", deltaBytes.sum());
  }

  @SuppressWarnings("ReferenceEquality") // a view is replaced, never changed
  private @Nullable Version current() {
    CatalogView now = source.get();
    if (now == view) {
      return current;
    }
    Version before = current;
    if (before != null) {
      past.put(before.etag(), before);
    }
    Map<String, CatalogDigest> titles = HashMap.newHashMap(now.titles().size());
    CatalogDigest digest = CatalogDigest.EMPTY;
    for (Map.Entry<String, List<CatalogEntry>> title : now.titles().entrySet()) {
      CatalogDigest one = CatalogDigest.ofTitle(title.getValue());
      titles.put(title.getKey(), one);
      digest = digest.plus(one);
    }
    String etag = "\"" + digest + "-" + Integer.toHexString(now.version().hashCode()) + "\"";
    past.remove(etag);
    while (past.size() > keep) {
      past.remove(past.keySet().iterator().next());
    }
    deltaBodies.clear();
    view = now;
    current = new Version(etag, digest, titles);
    return current;
  }

  private CatalogDelta delta(Version base, Version now) {
    List<String> removed = new ArrayList<>();
    for (String title : base.titles().keySet()) {
      if (!now.titles().containsKey(title)) {
        removed.add(title);
      }
    }
    List<CatalogEntry> files = new ArrayList<>();
    for (Map.Entry<String, List<CatalogEntry>> title : view.titles().entrySet()) {
      CatalogDigest is = now.titles().get(title.getKey());
      if (is != null && !is.equals(base.titles().get(title.getKey()))) {
        files.addAll(title.getValue());
      }
    }
    removed.sort(null);
    return new CatalogDelta(base.digest(), view.version(), now.digest(), removed, files);
  }

  private static boolean takesDeltas(Request request) {
    Optional<String> given = request.header("a-im");
    return given.isPresent() && given.get().contains(CatalogDelta.MANIPULATION);
  }
}
