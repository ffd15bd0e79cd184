package oca.protocol.http;

import org.jspecify.annotations.Nullable;

/**
 * Decides on a request by its head, before its body is read. Runs on an event loop: it must not
 * block. A refusal ends the connection when a body was still to come.
 */
@FunctionalInterface
public interface Gate {
  /**
   * The refusal, or null to let it in.
   *
   * @param head the request without its body
   */
  @Nullable Response refusal(Request head);
}
