package oca.server.fill;

import java.io.IOException;
import java.nio.ByteBuffer;
import oca.model.ByteRange;
import oca.store.FillSession;
import org.jspecify.annotations.Nullable;

/**
 * What a file on its way in still lacks, one gap after the other. For one thread at a time; may
 * block on the disk.
 */
interface Missing {
  /** The length of the whole file, in bytes. */
  long length();

  /** The first bytes that are missing; null when none are. */
  @Nullable ByteRange gap();

  /**
   * Fills the first gap from its start.
   *
   * @param bytes not more than the gap has
   * @throws oca.store.DigestMismatchException when they complete a block that is not the published
   *     one; that block is then a gap again
   * @throws IOException when the store fails
   */
  void append(ByteBuffer bytes) throws IOException;

  /** What a session lacks. */
  static Missing in(FillSession session) {
    return new Missing() {
      @Override
      public long length() {
        return session.meta().length();
      }

      @Override
      public @Nullable ByteRange gap() {
        FillSession.Gap gap = session.nextGap();
        return gap == null ? null : new ByteRange(gap.from(), gap.to() - 1);
      }

      @Override
      public void append(ByteBuffer bytes) throws IOException {
        session.append(bytes);
      }
    };
  }
}
