package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Reads pieces of files into memory, for bodies that are encrypted or framed. The one place where
 * it is done: whatever must be known of a piece before it is read belongs into {@link #whenReady}.
 * On one event loop only.
 */
final class PieceReader {
  private final Sendfile calls;
  private final Residency residency;
  private final PageCache pages;

  PieceReader(Sendfile calls, Residency residency, PageCache pages) {
    this.calls = calls;
    this.residency = residency;
    this.pages = pages;
  }

  /**
   * Runs {@code then} once bytes can be read without waiting for a disk: on this event loop, now or
   * later, once. Whoever asks has to see then whether the bytes are still wanted.
   *
   * @param begun whether part of the answer was sent; if so it may always wait
   * @param then given null, or why the bytes cannot be read
   * @return false when too many wait for the disk, and {@code then} is not run
   */
  boolean whenReady(
      FileLease lease,
      long position,
      long length,
      boolean begun,
      Executor loop,
      Consumer<@Nullable ContentReadException> then) {
    return residency.whenResident(pages, lease, position, length, begun, loop, then);
  }

  /** Counts that the disk was not waited for any longer. */
  void gaveUp() {
    residency.tally().timedOut();
  }

  /**
   * Appends bytes of a file to a direct buffer with room for them. Those before a fault are there.
   *
   * @throws ContentReadException when the file is short or cannot be read
   */
  void read(FileLease lease, long position, ByteBuf into, int count) throws ContentReadException {
    int left = count;
    while (left > 0) {
      long at = position + count - left;
      long read = calls.pread(lease.descriptor(), into, at, left);
      if (read == 0) {
        throw new ContentReadException("the file ends at byte " + at + ", before it should");
      }
      if (read < 0 && read != -Errno.EINTR) {
        throw new ContentReadException("pread at byte " + at + " failed, errno " + -read);
      }
      if (read > 0) {
        into.writerIndex(into.writerIndex() + (int) read);
        left -= (int) read;
      }
    }
  }
}
