package oca.server.http;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import oca.model.ContentId;

/** In the flight recording: an answer whose first byte came late. */
@Name("oca.SlowAnswer")
@Label("Slow Answer")
@Description("An answer whose first byte came late")
@Category({"Edge Cache"})
@StackTrace(false)
final class SlowAnswer extends Event {
  @Label("To First Byte")
  @Timespan(Timespan.MICROSECONDS)
  final long firstByte;

  @Label("File")
  final String file;

  @Label("Status")
  final int status;

  private SlowAnswer(long firstByte, String file, int status) {
    this.firstByte = firstByte;
    this.file = file;
    this.status = status;
  }

  static void note(long firstByte, ContentId file, int status) {
    if (jdk.jfr.FlightRecorder.isInitialized()) {
      new SlowAnswer(firstByte, file.toString(), status).commit();
    }
  }
}
