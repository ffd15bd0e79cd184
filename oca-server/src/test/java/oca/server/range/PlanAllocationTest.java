package oca.server.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import oca.server.range.ContentRequest.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What planning leaves for the garbage collector, measured, compiled or not. */
class PlanAllocationTest {
  private static final int CALLS = 20_000;
  private static final Representation FILE =
      Representation.of("ab".repeat(32), 5_000_000_000L, 784_111_777L, "video/mp4");

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A ByteRange is 32 bytes and a Reply.Part 16, with the headers of today's JVM. */
  @ParameterizedTest
  @CsvSource({
    "bytes=4294967296-4295098367, , 48",
    "bytes=4294967296-, , 48",
    "bytes=-65536, , 48",
    "bytes=4294967296-4295098367, '\"abababababababababababababababab\"', 48",
    ", , 0",
    "bytes=9999999999-, , 64",
  })
  void plan_request_allocatesNoMoreThanItsReply(String range, String ifRange, int bytes) {
    ContentRequest request =
        new ContentRequest(Method.GET, "a/b.mp4", range, ifRange, null, null, null, null);
    plan(request);
    long before = threads.getCurrentThreadAllocatedBytes();
    long replies = plan(request);
    long each = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    assertEquals(CALLS, replies);
    assertTrue(each <= bytes, () -> each + " bytes for " + range);
  }

  private static long plan(ContentRequest request) {
    long replies = 0;
    for (int i = 0; i < CALLS; i++) {
      replies += ReplyPlanner.plan(request, FILE, 16).outcome().status() >= 200 ? 1 : 0;
    }
    return replies;
  }
}
