package oca.steering;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import oca.config.ByteSize;
import oca.config.Default;
import oca.model.Endpoint;

/**
 * A listener for operators alone: orders, explanations and the console. Viewers and appliances
 * never ask there.
 *
 * @param listen where; by default reached from this machine only; port 0 takes any free one
 * @param tokenFile its first line is the bearer token that the API then asks for; read at each use
 * @param names by which browsers may call it besides addresses and {@code localhost}: a page of
 *     another name cannot reach it through a browser inside
 * @param requestBody of one request
 * @param requestsAtOnce being read or answered; more get 503
 * @param watchers of events at once; more get 503
 */
public record OperatorsConfig(
    @Default("127.0.0.1:8461") Endpoint listen,
    Optional<Path> tokenFile,
    List<String> names,
    @Default("64KiB") ByteSize requestBody,
    @Default("64") int requestsAtOnce,
    @Default("32") int watchers) {
  public OperatorsConfig {
    names = List.copyOf(names);
    require(
        requestBody.bytes() > 0 && requestBody.bytes() < Integer.MAX_VALUE,
        "operators.requestBody must be above 0B and below 2GiB");
    require(requestsAtOnce > 0, "operators.requestsAtOnce must be above 0");
    require(watchers > 0, "operators.watchers must be above 0");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
