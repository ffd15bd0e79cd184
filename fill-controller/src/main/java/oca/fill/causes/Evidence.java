package oca.fill.causes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import oca.model.ApplianceId;
import oca.model.ContentId;
import oca.model.SiteId;
import oca.protocol.SteeringRecord;

/** What is known of one group when a response of it is labelled. For one thread. */
interface Evidence {
  /**
   * Answers that may have led to the response, the newest first: those of its session, or else
   * those of its network and of no other session. Some may be younger than it.
   */
  List<SteeringRecord> answersFor(Served served);

  /** The newest answers to whoever belongs to that site, up to that moment, the newest first. */
  List<SteeringRecord> answersUpTo(SiteId nearest, Instant moment, int most);

  /** The first answers to whoever belongs to that site after that moment, the oldest first. */
  List<SteeringRecord> answersAfter(SiteId nearest, Instant moment, int most);

  /** Responses of that viewer that went wrong, of that server, within that time; oldest first. */
  List<Served> failures(Served of, ApplianceId server, Instant from, Instant to);

  /** Whether a server of that site served the file both before and after that moment. */
  boolean servedAround(SiteId site, ContentId file, Instant moment, Duration reach);
}
