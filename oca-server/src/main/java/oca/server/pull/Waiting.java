package oca.server.pull;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import oca.server.caching.CacheRequest;
import oca.server.caching.FieldSection;
import oca.server.caching.Reuse;

/**
 * A request that waits for its answer.
 *
 * @param request as it came
 * @param cached the same, as far as a cache looks at it
 * @param loop on which it is answered
 * @param later takes the answer
 * @param reuse decides whether what is kept will do for it
 * @param holdUntil how long it is held open while upstream does not have the live segment yet, in
 *     milliseconds since 1970; 0 for anything else
 */
record Waiting(
    PullRequest request,
    CacheRequest cached,
    Executor loop,
    PullSource.Later later,
    Reuse reuse,
    long holdUntil) {

  /** Gives it an interim answer. */
  void tell(int status, FieldSection fields) {
    try {
      loop.execute(() -> later.interim(status, fields));
    } catch (RejectedExecutionException e) {
      // The listener has closed, and the connection with it.
    }
  }

  /** Answers it, once. */
  void tell(PulledAnswer answer) {
    try {
      loop.execute(() -> later.accept(answer));
    } catch (RejectedExecutionException e) {
      // The listener has closed, and the connection with it.
      PulledBody body = answer.body();
      if (body != null) {
        body.close();
      }
    }
  }
}
