package oca.bench.serve;

import java.util.Map;

/**
 * What the abuser saw.
 *
 * @param fault why it gave up; empty when it did not
 * @param seconds that it took
 * @param attempts requests answered, frames or blocks sent, or else connections opened: whatever
 *     the attack has most of
 * @param connections that it opened
 * @param unconnected tries that came to nothing within a second
 * @param ended connections that the server ended
 * @param sentBytes of requests and frames
 * @param answers of HTTP/1 by status
 * @param cpuSeconds of the abuser
 */
record AbuseResult(
    String fault,
    double seconds,
    long attempts,
    long connections,
    long unconnected,
    long ended,
    long sentBytes,
    Map<Integer, Long> answers,
    double cpuSeconds) {

  static AbuseResult failed(String fault) {
    return new AbuseResult(fault, 0, 0, 0, 0, 0, 0, Map.of(), 0);
  }

  /** Answers that gave what was asked for. */
  long given() {
    return answers.entrySet().stream()
        .filter(answer -> answer.getKey() / 100 == 2)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
