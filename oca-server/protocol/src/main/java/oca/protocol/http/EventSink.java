package oca.protocol.http;

/**
 * One reader of server-sent events (WHATWG HTML, 9.2). Safe on any thread; nothing here blocks.
 *
 * <p>A reader that falls behind by {@link ConnectionLimits#eventQueue} events is dropped: a browser
 * connects again by itself, and begins anew with what is then the case.
 */
public interface EventSink {
  /**
   * Sends an event.
   *
   * @param event its name, without a line end
   * @param data any text; each of its lines becomes a {@code data:} line
   * @return false when the reader is gone, or is dropped now
   */
  boolean send(String event, String data);

  /**
   * Sends an event that a reader can name when it comes back: in {@code Last-Event-ID}.
   *
   * @param id without a line end
   * @return false when the reader is gone, or is dropped now
   */
  boolean send(String event, String id, String data);

  /** Whether nothing can be sent any more. */
  boolean closed();

  /** Ends the stream. */
  void close();

  /** To be run once, when the stream has ended for whatever reason; at once when it has already. */
  void onClose(Runnable action);
}
