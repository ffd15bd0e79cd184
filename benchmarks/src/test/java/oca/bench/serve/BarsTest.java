package oca.bench.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static final Cell CELL = new Cell(64 << 10, 32, false, true);

  @Test
  void judge_eachFigure_isAgainstTheBetterNginx() {
    List<Bars.Verdict> verdicts =
        Bars.judge(
            List.of(
                new Report.Measured(
                    CELL,
                    Map.of(
                        "oca-epoll", result(110, 0.22, 1.0),
                        "nginx", result(90, 0.20, 40),
                        "nginx-nopush", result(100, 0.30, 1.1)))),
            "oca-epoll");

    assertEquals(
        List.of(1.1, 0.22 / 0.20, 1.0 / 1.1, 200.0),
        verdicts.stream().map(Bars.Verdict::value).toList());
    assertEquals(
        List.of(true, true, true, true), verdicts.stream().map(Bars.Verdict::met).toList());
  }

  @Test
  void judge_belowTheLimit_isMissed() {
    List<Bars.Verdict> verdicts =
        Bars.judge(
            List.of(
                new Report.Measured(
                    CELL,
                    Map.of("oca-nio", result(100, 0.23, 2.0), "nginx", result(100, 0.20, 1.0)))),
            "oca-nio");

    assertEquals(
        List.of(false, false, false, true), verdicts.stream().map(Bars.Verdict::met).toList());
  }

  @Test
  void judge_noNginx_leavesOnlyOurOwnBars() {
    List<Bars.Verdict> verdicts =
        Bars.judge(
            List.of(new Report.Measured(CELL, Map.of("oca-nio", result(100, 0.23, 2.0)))),
            "oca-nio");

    assertEquals(1, verdicts.size());
  }

  private static Report.Result result(double requests, double cpu, double p99) {
    Figures figures = new Figures(requests, 1, cpu, 1, p99, p99, p99, 200.0, 1, 1);
    return new Report.Result(figures, List.of(figures));
  }
}
