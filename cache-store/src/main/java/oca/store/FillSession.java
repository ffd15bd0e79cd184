package oca.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One file on its way into the store. For one thread at a time; may block on the disk.
 *
 * <p>Bytes are appended in order. Readers may see the verified front as {@link Lookup.Filling}; the
 * file becomes a {@link Lookup.Hit} in {@link #commit}, whole or not at all.
 */
public interface FillSession extends AutoCloseable {

  /** What is being filled. */
  ContentMeta meta();

  /**
   * The offset of the next byte to append. Above 0 at the start when an earlier session's verified
   * blocks were found.
   */
  long position();

  /**
   * Appends all remaining bytes.
   *
   * @throws IOException when the disk fails or the content grows beyond its length; the session is
   *     then of no further use but to be closed
   */
  void append(ByteBuffer bytes) throws IOException;

  /**
   * Checks length and digest, makes the file durable and publishes it.
   *
   * @throws DigestMismatchException when the bytes are not those that were announced; they are
   *     dropped
   * @throws IOException when bytes are missing or the disk fails
   */
  void commit() throws IOException;

  /**
   * Ends the session. Without a commit before it, the verified blocks are kept for a later session,
   * and nothing is published.
   */
  @Override
  void close();
}
