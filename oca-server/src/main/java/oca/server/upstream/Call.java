package oca.server.upstream;

import io.netty.buffer.ByteBuf;

/** A question under way. On its event loop only, and without effect once it has ended. */
public interface Call {
  /** Stops reading, and with it, once buffers on the way are full, the upstream's sending. */
  void pause();

  /** Reads on. */
  void resume();

  /** Wants no more of it; the connection is closed unless the answer was whole. */
  void cancel();

  /**
   * Sends more of the request's content, and releases it. To be given while {@link #isWritable};
   * what comes before a connection stands is held, up to a megabyte, beyond which the call fails.
   */
  void content(ByteBuf bytes);

  /** The request's content is whole. */
  void contentEnd();

  /** Whether content would be sent now rather than kept in memory. */
  boolean isWritable();
}
