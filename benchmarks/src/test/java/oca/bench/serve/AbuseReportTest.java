package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import oca.bench.serve.AbuseReport.Holding;
import oca.bench.serve.AbuseReport.Row;
import org.junit.jupiter.api.Test;

class AbuseReportTest {
  private static final Holding QUIET = new Holding(500 << 20, 8 << 20, 10 << 20, 60, 0, 0);
  private static final LoadResult ALONE = load(10_000, 1.0);
  private static final LoadResult HALF = load(5_000, 1.0);

  @Test
  void faults_allAsBefore_areNone() {
    assertEquals(List.of(), row(HALF, ALONE, QUIET, Map.of(400, 9L), 0.5).faults());
  }

  @Test
  void faults_answerGivenThatMustBeRefused_isOne() {
    assertFault("were given", row(HALF, ALONE, QUIET, Map.of(400, 9L, 206, 1L), 0.5));
  }

  @Test
  void faults_starvedOrNotRecovered_areSaid() {
    assertFault("starves", row(load(500, 1.0), ALONE, QUIET, Map.of(), 0.5));
    assertFault("does not recover", row(HALF, HALF, QUIET, Map.of(), 0.5));
  }

  @Test
  void faults_memoryOrSocketsKept_areSaid() {
    assertFault("sockets", row(HALF, ALONE, QUIET, Map.of(), -1));
    assertFault("the heap", row(HALF, ALONE, holding(500, 8, 30), Map.of(), 0));
    assertFault("direct", row(HALF, ALONE, holding(500, 28, 10), Map.of(), 0));
    assertFault("the process", row(HALF, ALONE, holding(600, 8, 10), Map.of(), 0));
  }

  @Test
  void microsPerAttempt_halfOfTheServersTime_isSharedByTheAttempts() {
    // Half of a second went to the 1,000 attempts of that second.
    assertEquals(500, row(HALF, ALONE, QUIET, Map.of(), 0).microsPerAttempt(), 0.1);
  }

  private static void assertFault(String message, Row row) {
    assertEquals(1, row.faults().size(), row.faults()::toString);
    assertTrue(row.faults().getFirst().contains(message), row.faults()::toString);
  }

  private static Holding holding(long residentMiB, long directMiB, long heapMiB) {
    return new Holding(residentMiB << 20, directMiB << 20, heapMiB << 20, 60, 0, 0);
  }

  private static Row row(
      LoadResult under,
      LoadResult later,
      Holding after,
      Map<Integer, Long> answers,
      double recovered) {
    AbuseResult abuser = new AbuseResult("", 2, 2_000, 9, 0, 9, 0, answers, 0.1);
    return new Row(
        "oca", "x", true, ALONE, under, later, abuser, QUIET, QUIET, after, recovered, Map.of(),
        "");
  }

  /** A load of one second. */
  private static LoadResult load(long requests, double cpu) {
    return new LoadResult("", requests, 0, 1, cpu, 0, 1, 1, 1, 1, requests, requests, 0);
  }
}
