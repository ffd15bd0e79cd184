package oca.server.http;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** In the flight recording: an answer stood still for a disk. */
@Name("oca.DiskWait")
@Label("Disk Wait")
@Description("An answer stood still for a disk")
@Category({"Edge Cache"})
@StackTrace(false)
final class DiskWait extends Event {
  /** Shorter ones are usual, and many. */
  static final long LONG_NANOS = 20_000_000;

  @Label("Waited")
  @Timespan(Timespan.NANOSECONDS)
  final long waited;

  private DiskWait(long waited) {
    this.waited = waited;
  }

  static void note(long nanos) {
    if (jdk.jfr.FlightRecorder.isInitialized()) {
      new DiskWait(nanos).commit();
    }
  }
}
