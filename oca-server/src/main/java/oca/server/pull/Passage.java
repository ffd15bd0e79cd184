package oca.server.pull;

import java.time.Duration;
import oca.server.caching.CacheStatusEntry;
import oca.server.caching.FieldSection;
import oca.server.caching.Forward;
import oca.server.caching.HeadUpdate;
import oca.server.caching.StoredResponse;
import oca.server.upstream.UpstreamFailure;
import oca.server.upstream.UpstreamHead;
import org.jspecify.annotations.Nullable;

/**
 * A request that is passed on as it is, and of whose answer nothing is kept; what it says of what
 * is kept is heeded. On the target's event loop only.
 */
final class Passage implements Flight.Landing {
  private final Resource resource;
  private final Service service;
  private final Waiting asking;
  private final Forward why;
  private final Flight flight;

  Passage(Resource resource, Waiting asking, Forward why) {
    this.resource = resource;
    this.service = resource.service();
    this.asking = asking;
    this.why = why;
    this.flight =
        new Flight(
            resource.loop(),
            service.upstreams(),
            resource.passed(asking),
            service.config().limits(),
            this);
  }

  void start() {
    flight.start(asking.request().content());
  }

  @Override
  public void interim(int status, FieldSection fields) {
    asking.tell(status, fields);
  }

  @Override
  public Flight.@Nullable Target head(UpstreamHead head) {
    CacheStatusEntry status = service.forwarded(why).withStatus(head.status());
    service.tally().answered(PullTally.Way.PASSED);
    if (asking.cached().method().equals("HEAD")) {
      update(head);
      long length = oca.server.caching.Partials.length(head.fields());
      asking.tell(service.answers().ofPassing(head, length, null, status));
      return null;
    }
    resource.changed(asking, head);
    Passing passing = Passing.of(resource, flight, head, status);
    asking.tell(passing.answer());
    return passing.target();
  }

  private void update(UpstreamHead head) {
    for (Held one : resource.held()) {
      switch (HeadUpdate.judge(
          asking.cached(),
          one.response(),
          head.status(),
          head.fields(),
          head.requestedMillis(),
          head.receivedMillis(),
          service.policy())) {
        case HeadUpdate.Updated(StoredResponse newer) -> resource.replace(one, one.with(newer));
        case HeadUpdate.Outdated(StoredResponse ended) -> resource.replace(one, one.with(ended));
        case HeadUpdate.Untouched() -> {}
      }
    }
  }

  @Override
  public void landed() {}

  @Override
  public void lost(UpstreamFailure failure, Duration retryAfter, boolean hadHead) {
    service.tally().failed(failure);
    if (!hadHead) {
      service.tally().answered(PullTally.Way.FAILED);
      asking.tell(service.answers().failed(failure, retryAfter, service.forwarded(why)));
    }
  }
}
