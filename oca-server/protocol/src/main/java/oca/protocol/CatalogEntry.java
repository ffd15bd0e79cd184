package oca.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param blocks where the digests of its blocks are published; null when they are not, and for a
 *     file of one block, whose own digest says it all. Without them the file is shown only when
 *     whole
 */
public record CatalogEntry(
    String path,
    String title,
    long length,
    String sha256,
    String mediaType,
    Instant modified,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable BlockList blocks) {

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
    if (blocks != null) {
      requireUse(path, length, blocks);
    }
  }

  /** A file whose blocks' digests are not announced. */
  public CatalogEntry(
      String path, String title, long length, String sha256, String mediaType, Instant modified) {
    this(path, title, length, sha256, mediaType, modified, null);
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

  private static void requireUse(String path, long length, BlockList blocks) {
    if (length <= blocks.size()) {
      throw new IllegalArgumentException(
          path
              + " names a block list though it is one block ("
              + length
              + " bytes of "
              + blocks.size()
              + "); leave blocks out");
    }
    if (path.equals(blocks.path())) {
      throw new IllegalArgumentException(
          path + " names itself as its block list; publish the list under a path of its own");
    }
  }

  /** Visible ASCII and inner spaces only: the value is written into a header as it stands. */
  private static boolean isFieldValue(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
