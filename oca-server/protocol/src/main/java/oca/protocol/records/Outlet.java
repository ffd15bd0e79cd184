package oca.protocol.records;

import java.io.IOException;
import java.util.List;

/** Where messages of a spool go. For one thread, which may be interrupted. */
interface Outlet extends AutoCloseable {
  /** What became of a message. */
  enum Fate {
    /** It is there for good. */
    TAKEN,
    /** It may be there or not, and is sent again. */
    FAILED,
    /** It is not there, and never would be. */
    REFUSED
  }

  /** The fates of messages, in their order, and why the first that was not taken was not. */
  record Sent(List<Fate> fates, String why) {
    public Sent {
      fates = List.copyOf(fates);
    }
  }

  /**
   * Sends messages in this order and waits until the fate of each is known. After a failure it
   * finds its own way back with the next call.
   *
   * @throws IOException when none was sent
   */
  Sent send(List<byte[]> messages) throws IOException, InterruptedException;

  @Override
  void close();
}
