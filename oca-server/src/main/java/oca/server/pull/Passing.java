package oca.server.pull;

import java.time.Duration;
import oca.server.caching.CacheStatusEntry;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import oca.store.FileLease;
import oca.store.pull.PulledObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer for one client alone. Its bytes go through a file as those of any do, that nobody else
 * is told of and that is gone with the client.
 *
 * @param target where the body goes; null when there is none, or no room
 */
record Passing(PulledAnswer answer, Flight.@Nullable Target target) {

  static Passing of(Resource resource, Flight flight, UpstreamHead head, CacheStatusEntry status) {
    Answers answers = resource.service().answers();
    if (head.length() == 0) {
      return new Passing(answers.ofPassing(head, 0, null, status), null);
    }
    PulledObject object = resource.room(head.length());
    FileLease lease = object == null ? null : object.lease();
    if (object == null || lease == null) {
      return new Passing(answers.failed(UpstreamFailure.BUSY, Duration.ofSeconds(1), status), null);
    }
    Arrivals arrivals = new Arrivals(object);
    arrivals.comingWhole();
    PulledBody body =
        new ObjectBody(
            object,
            arrivals,
            lease,
            null,
            () -> {
              object.drop();
              resource.loop().execute(flight::cancel);
            });
    return new Passing(
        answers.ofPassing(head, head.length(), body, status),
        Flight.Target.whole(object, arrivals));
  }
}
