package oca.server.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import oca.store.FileLease;
import org.jspecify.annotations.Nullable;

/**
 * Sends heads with bodies over one connection, one after the other. On the connection's event loop
 * only.
 */
interface BodySender {

  /** Told how a body fares, on the event loop. */
  interface Listener {
    /** Some bytes more were handed over. */
    void bodyProgressed();

    /**
     * The body has ended; the sender does not use its lease any more.
     *
     * @param cause null when all bytes were handed to the kernel; a {@link ContentReadException}
     *     when the file is at fault
     */
    void bodyEnded(@Nullable IOException cause);

    /**
     * Nothing was sent, not even of the head, so another answer can be given in its place; the
     * sender does not use its lease any more.
     *
     * @param fault null when the disk has too much to do; else why the file could not be read
     */
    void bodyRefused(@Nullable ContentReadException fault);
  }

  /**
   * Sends a head and behind it bytes of a file. Not to be called again before the listener was told
   * of the end, which may be during this call.
   *
   * @param head is released in any case
   * @param lease not closed here
   * @param position of the first byte in the file, as in {@code lease.channel()}
   * @param length 1 or more
   */
  void send(ByteBuf head, FileLease lease, long position, long length);

  /** Whether the body stands still until the disk was read. */
  boolean awaitsDisk();

  /** Since when it does, in {@link System#nanoTime}. */
  long awaitsDiskSince();

  /** Ends the wait for the disk: the body is refused if it can be, else it ends. */
  void giveUpDisk();

  /** So many bytes of the present or last body were handed to the kernel. */
  long handedOver();

  /** The connection is gone: whatever is under way is dropped, and the listener told nothing. */
  void abandon();
}
