package oca.protocol.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** In the recording itself: an objective was missed here. */
@Name("oca.MissedObjective")
@Label("Missed Objective")
@Description("Why a recording was kept")
@Category({"Edge Cache"})
@StackTrace(false)
final class MissedObjective extends Event {
  @Label("Cause")
  final String cause;

  MissedObjective(String cause) {
    this.cause = cause;
  }
}
