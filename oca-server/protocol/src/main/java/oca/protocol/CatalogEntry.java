package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import oca.model.ContentId;
import oca.model.ContentPath;
import org.jspecify.annotations.Nullable;

/**
 * One published file.
 *
 * @param path where it is published, see {@link ContentPath}
 * @param title the title it belongs to: files of one title are placed together, because a player
 *     moves between them in the middle of a film
 * @param length in bytes, 0 or more
 * @param sha256 of all its bytes, 64 lower-case hexadecimal digits
 * @param mediaType for {@code Content-Type}, at most 100 characters
 * @param modified for {@code Last-Modified}, whole seconds count
 */
public record CatalogEntry(
    String path, String title, long length, String sha256, String mediaType, Instant modified) {

  /** The longest media type, so that a store can keep it in a fixed place. */
  public static final int MAX_MEDIA_TYPE = 100;

  public CatalogEntry {
    String fault = ContentPath.fault(path);
    if (fault != null) {
      throw new IllegalArgumentException("the path " + fault + ": " + path);
    }
    if (title.isBlank()) {
      throw new IllegalArgumentException("no title given for " + path);
    }
    if (length < 0) {
      throw new IllegalArgumentException("a length below zero for " + path + ": " + length);
    }
    requireSha256(path, sha256);
    if (mediaType.isBlank() || mediaType.length() > MAX_MEDIA_TYPE || !isFieldValue(mediaType)) {
      throw new IllegalArgumentException("not a media type for " + path + ": " + mediaType);
    }
  }

  /** The id derived from the path. */
  @JsonIgnore
  public ContentId id() {
    return ContentId.ofPath(path);
  }

  private static void requireSha256(String path, @Nullable String sha256) {
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "not a SHA-256 (64 lower-case hexadecimal digits) for " + path + ": " + sha256);
    }
  }

  /** Visible ASCII and inner spaces only: the value is written into a header as it stands. */
  private static boolean isFieldValue(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
