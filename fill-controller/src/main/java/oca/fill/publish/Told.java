package oca.fill.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import oca.protocol.FillManifest;
import oca.protocol.ManifestDelta;
import oca.protocol.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as it is told: whole, or by what changed since one of the versions before. Of those
 * nothing is kept but eight bytes for each entry; what comes of a delta is checked by whoever
 * applies it against the digest of the whole. Safe on any thread.
 */
final class Told {
  /**
   * A version before.
   *
   * @param marks of its entries, in their order
   */
  private record Past(long version, long[] marks) {}

  private final FillManifest manifest;
  private final byte[] json;
  private final long[] marks;
  private final List<Past> past;
  private final String sha256;
  private final Map<Long, byte[]> deltas = new ConcurrentHashMap<>();

  private Told(FillManifest manifest, byte[] json, List<Past> past, String sha256) {
    this.manifest = manifest;
    this.json = json;
    this.marks = ManifestDelta.marks(manifest);
    this.past = past;
    this.sha256 = sha256;
  }

  /** One of which no version before is known. */
  static Told first(FillManifest manifest, byte[] json) {
    return new Told(manifest, json, List.of(), "");
  }

  /**
   * The one after this.
   *
   * @param keep how many versions before it are known
   */
  Told next(FillManifest next, int keep) {
    List<Past> before = new ArrayList<>();
    before.add(new Past(manifest.version(), marks));
    before.addAll(past);
    byte[] written = Wire.write(next);
    return keep == 0
        ? first(next, written)
        : new Told(
            next,
            written,
            List.copyOf(before.subList(0, Math.min(keep, before.size()))),
            ManifestDelta.sha256(written));
  }

  FillManifest manifest() {
    return manifest;
  }

  /** All of it. */
  byte[] json() {
    return json;
  }

  /** What changed since a version; null when that is not known, or no shorter than all of it. */
  byte @Nullable [] since(long version) {
    for (Past one : past) {
      if (one.version() == version) {
        byte[] delta =
            deltas.computeIfAbsent(
                version, _ -> Wire.write(ManifestDelta.of(manifest, sha256, version, one.marks())));
        return delta.length < json.length ? delta : null;
      }
    }
    return null;
  }
}
