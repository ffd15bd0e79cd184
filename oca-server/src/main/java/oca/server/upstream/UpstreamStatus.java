package oca.server.upstream;

import java.util.List;
import java.util.Map;

/**
 * How one upstream stands. Counts are since the start.
 *
 * @param url as it is configured
 * @param peer whether it is one of the peers, which are asked first
 * @param addresses where it is reached at present; empty before its name was resolved
 * @param healthy whether it is asked at present
 * @param whyNot the reason when it is not, else empty
 * @param breaker the circuit breaker's state: {@code closed}, {@code open} or {@code half-open}
 * @param inFlight tries under way
 * @param connections open, those in the making included
 * @param waiting tries that wait for a connection
 * @param requests tries begun
 * @param bytes of bodies that were handed over
 * @param failures by reason; the answers of an error status among them
 * @param retries tries after another upstream failed, or this one's kept connection had ended
 * @param hedges second tries while the first had no answer yet
 * @param hedgesWon those whose answer came first
 * @param resolutionFailures look-ups of its name that failed
 */
public record UpstreamStatus(
    String url,
    boolean peer,
    List<String> addresses,
    boolean healthy,
    String whyNot,
    String breaker,
    int inFlight,
    int connections,
    int waiting,
    long requests,
    long bytes,
    Map<UpstreamFailure, Long> failures,
    long retries,
    long hedges,
    long hedgesWon,
    long resolutionFailures) {}
