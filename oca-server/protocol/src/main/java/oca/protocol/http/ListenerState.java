package oca.protocol.http;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import oca.protocol.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one listener share.
 *
 * @param threads where handlers run that may block
 * @param places of requests being read for or answered by such handlers
 * @param streams of events
 */
record ListenerState(
    Routes routes,
    ControlListener.Limits limits,
    ConnectionLimits connections,
    ExecutorService threads,
    Semaphore places,
    Semaphore streams,
    ListenerCounts counts,
    DateLine date) {

  private static final Logger log = LoggerFactory.getLogger(ListenerState.class);

  /** The handler's answer, or what stands for its failure. */
  static Response answer(ControlListener.Handler handler, Request request) {
    try {
      return handler.answer(request);
    } catch (WireException | IllegalArgumentException e) {
      return Response.problem(400, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Response.problem(502, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.method(), request.path(), e);
      return Response.problem(500, "an internal error, see the log");
    }
  }
}
