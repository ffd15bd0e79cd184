package oca.fill.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReleaseCurvesTest {
  @Test
  void logGamma_wholeNumbers_isTheLogarithmOfTheFactorial() {
    assertEquals(0, ReleaseCurves.logGamma(1), 1e-9);
    assertEquals(Math.log(24), ReleaseCurves.logGamma(5), 1e-9);
    assertEquals(Math.log(Math.sqrt(Math.PI)), ReleaseCurves.logGamma(0.5), 1e-8);
  }

  @Test
  void settle_releasesThatHalve_makesACurveThatHalves() {
    ReleaseCurves curves = new ReleaseCurves(2, 10, 1);
    for (int release = 0; release < 200; release++) {
      double total = 0;
      for (int age = 0; age < 10; age++) {
        double plays = 1_000 * Math.pow(.5, age);
        curves.see(1, age, plays, total);
        total += plays;
      }
    }
    curves.settle();
    assertEquals(1_000, curves.mean(1, 0, 1), 10);
    assertEquals(250, curves.mean(1, 2, 1), 10);
    assertEquals(1_750 / 3.0, curves.mean(1, 0, 3), 10);
    assertEquals(1_000 / 3.0, curves.mean(1, -2, 3), 10);
    assertEquals(0, curves.mean(1, -3, 3));
  }

  @Test
  void fit_audiencesAsAnnounced_believesThePrior() {
    ReleaseCurves curves = new ReleaseCurves(2, 5, 1);
    int count = 60;
    int[] kind = new int[count];
    double[] prior = new double[count];
    double[] total = new double[count];
    double[] noise = new double[count];
    double[] usual = new double[count];
    for (int i = 0; i < count; i++) {
      kind[i] = 1;
      prior[i] = 1 + i;
      total[i] = 3 * prior[i];
      noise[i] = i % 7 * 10;
      usual[i] = 90;
    }
    curves.fit(count, kind, prior, total, usual);
    double ratio = curves.multiplier(1, 50) / curves.multiplier(1, 5);
    assertTrue(ratio > 8, "believed by " + ratio);
    curves.fit(count, kind, prior, noise, usual);
    double doubted = curves.multiplier(1, 50) / curves.multiplier(1, 5);
    assertTrue(doubted < 2, "believed by " + doubted);
  }
}
