package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HexFormat;
import java.util.List;
import oca.model.ApplianceId;
import oca.protocol.FillManifest.Entry;
import oca.protocol.FillManifest.FillWindow;
import org.jspecify.annotations.Nullable;

/**
 * A manifest told by the one before. Whoever applies it has the manifest exactly when the SHA-256
 * of its JSON is {@code sha256} then; if it is not, the whole manifest is asked for.
 *
 * @param appliance whom it is for
 * @param fromVersion of the manifest that it is to be applied to
 * @param version of the manifest that comes of it
 * @param sha256 of the JSON of the manifest that comes of it, as it is sent whole; 64 lower-case
 *     hexadecimal digits
 * @param window as in {@link FillManifest}
 * @param bytesPerSecond as in {@link FillManifest}
 * @param outsideBytesPerSecond as in {@link FillManifest}
 * @param entries pieces that make its entries from those of the other
 */
public record ManifestDelta(
    ApplianceId appliance,
    long fromVersion,
    long version,
    String sha256,
    FillWindow window,
    long bytesPerSecond,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long outsideBytesPerSecond,
    List<Piece<Entry>> entries) {

  /** By this name it is asked for in {@code A-IM} (RFC 3229, section 10.5.3). */
  public static final String MANIPULATION = "oca-pieces";

  /** No manifest that is told in pieces has more entries. */
  private static final int MOST_ENTRIES = 10_000_000;

  public ManifestDelta {
    entries = List.copyOf(entries);
  }

  /** What stands, in this process, for each entry of a manifest by which others will be told. */
  public static long[] marks(FillManifest manifest) {
    long[] marks = new long[manifest.entries().size()];
    for (int i = 0; i < marks.length; i++) {
      marks[i] = mark(manifest.entries().get(i));
    }
    return marks;
  }

  /**
   * A manifest told by an older one.
   *
   * @param sha256 of the manifest as it is sent whole, see {@link #sha256(byte[])}
   * @param older marks of the older one's entries
   */
  public static ManifestDelta of(
      FillManifest manifest, String sha256, long fromVersion, long[] older) {
    return new ManifestDelta(
        manifest.appliance(),
        fromVersion,
        manifest.version(),
        sha256,
        manifest.window(),
        manifest.bytesPerSecond(),
        manifest.outsideBytesPerSecond(),
        Piece.of(manifest.entries(), older, ManifestDelta::mark));
  }

  /**
   * The manifest that comes of it.
   *
   * @throws WireException when it does not fit, or what comes of it is something else
   */
  public FillManifest applyTo(FillManifest older) throws WireException {
    if (!older.appliance().equals(appliance) || older.version() != fromVersion) {
      throw new WireException(
          "a delta for %s from version %d, and here is version %d of %s"
              .formatted(appliance, fromVersion, older.version(), older.appliance()));
    }
    FillManifest newer;
    try {
      newer =
          new FillManifest(
              appliance,
              version,
              window,
              bytesPerSecond,
              outsideBytesPerSecond,
              Piece.join(entries, older.entries(), MOST_ENTRIES));
    } catch (IllegalArgumentException e) {
      throw new WireException("no manifest comes of the delta: " + e.getMessage(), e);
    }
    if (!sha256(Wire.write(newer)).equals(sha256)) {
      throw new WireException(
          "version " + version + " that comes of a delta is not the one that was published");
    }
    return newer;
  }

  /** In hexadecimal digits. */
  public static String sha256(byte[] json) {
    return HexFormat.of().formatHex(Sha256.of(json));
  }

  /**
   * Spreads the hash code, which takes in all of the entry, by the digest of the file. Where two
   * entries have the same, what comes of the delta is not what was published, and the whole is
   * asked for.
   */
  private static long mark(Entry entry) {
    long file = Long.parseUnsignedLong(entry.file().sha256(), 0, 16, 16);
    return file ^ entry.hashCode() * 0x9e3779b97f4a7c15L;
  }
}
