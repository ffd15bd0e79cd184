package oca.server.pull;

import java.util.concurrent.Executor;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a body that may be coming in yet. Safe on any thread; what is {@link #readable} may be
 * read by the lease until {@link #close}.
 */
public interface PulledBody extends AutoCloseable {
  /** The length of a body that is not known before its end. */
  long UNKNOWN = -1;

  /** By which it is read, the body's first byte at {@link FileLease#contentOffset}. */
  FileLease lease();

  /** Of the whole body in bytes, or {@link #UNKNOWN}; once known it stays. */
  long length();

  /** How many bytes can be read from there without a gap, 0 or more. */
  long readable(long from);

  /**
   * Whether the byte at that place is on its way as surely as can be known: then the head of an
   * answer need not wait for it.
   */
  boolean isComing(long from);

  /** Why no more will come; null while more may, or all is there. */
  @Nullable String fault();

  /**
   * Waits for the byte at that place, and has it fetched if nobody did.
   *
   * @param to behind the last byte that will be wanted; {@link Long#MAX_VALUE} for all
   * @param wake run once on that executor when the byte is readable, the body ends before it, or
   *     fails
   * @return false, and {@code wake} is not run, when that is so already
   */
  boolean await(long from, long to, Executor loop, Runnable wake);

  /** Gives the lease back; to be done once. */
  @Override
  void close();
}
