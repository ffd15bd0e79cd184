package oca.server.pull;

import java.util.List;
import java.util.Map;
import oca.server.upstream.UpstreamStatus;

/**
 * How one service stands. Counts are since the start; each map has an entry for every way or reason
 * of its list.
 *
 * @param name as configured
 * @param targets of which something is kept, or which are being asked for
 * @param answers requests by how they were answered
 * @param notKept answers of upstreams that were not kept, by reason
 * @param failures fetches that failed, by reason
 * @param upstreams how each of them stands
 */
public record ServiceStatus(
    String name,
    int targets,
    Map<String, Long> answers,
    Map<String, Long> notKept,
    Map<String, Long> failures,
    List<UpstreamStatus> upstreams) {
  public ServiceStatus {
    answers = Map.copyOf(answers);
    notKept = Map.copyOf(notKept);
    failures = Map.copyOf(failures);
    upstreams = List.copyOf(upstreams);
  }
}
