package oca.server.upstream;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import oca.server.caching.FieldSection;

/**
 * Takes one answer: its head once, its body as it comes, then exactly one of {@link #end} and
 * {@link #failed}, which may also come first. Called on the event loop of the question only, never
 * within {@link Upstreams#send}, and not any more after {@link Call#cancel}. Between {@link
 * Call#pause} and {@link Call#resume} there come neither {@link #body} nor {@link #end}.
 */
public interface Receiver {
  /**
   * An interim answer (RFC 9110, section 15.2) other than 100, any number of times before the head.
   */
  default void interim(int status, FieldSection fields) {}

  /** The answer's head. */
  void head(UpstreamHead head);

  /** The body's next bytes, at least one, which the receiver releases. */
  void body(ByteBuf bytes);

  /** The answer is whole. */
  void end();

  /**
   * There is no answer, or after {@link #head} no more of it.
   *
   * @param detail what happened, for logs; never for a client
   * @param retryAfter when to ask again, zero when nothing is known of it
   */
  void failed(UpstreamFailure failure, String detail, Duration retryAfter);

  /** The request's content may go on: {@link Call#isWritable} is true, and was not before. */
  default void writable() {}
}
