package oca.fill.forecast;

import java.util.Arrays;

/**
 * Weights, none below zero, by least squares over what was seen so far, held near those of a wider
 * group until there is enough to go by.
 */
final class Regression {
  private static final int SWEEPS = 40;
  private static final int N = Features.COUNT;

  private final double[] squares = new double[N * N];
  private final double[] products = new double[N];
  private double seen;

  /** Counts one observation of weight {@code weight}; {@code at} is where its features begin. */
  void add(float[] features, int at, double target, double weight, double count) {
    for (int i = 0; i < N; i++) {
      double value = features[at + i];
      if (value != 0) {
        double weighted = weight * value;
        products[i] += weighted * target;
        int row = i * N;
        for (int j = 0; j <= i; j++) {
          squares[row + j] += weighted * features[at + j];
        }
      }
    }
    seen += count;
  }

  void add(Regression other) {
    for (int i = 0; i < squares.length; i++) {
      squares[i] += other.squares[i];
    }
    for (int i = 0; i < N; i++) {
      products[i] += other.products[i];
    }
    seen += other.seen;
  }

  /** Lets what was seen count for less. */
  void fade(double keep) {
    for (int i = 0; i < squares.length; i++) {
      squares[i] *= keep;
    }
    for (int i = 0; i < N; i++) {
      products[i] *= keep;
    }
    seen *= keep;
  }

  /**
   * The weights.
   *
   * @param around what they are held near to
   * @param hold how many observations that counts as
   */
  double[] solve(double[] around, double hold) {
    double[] weights = Arrays.copyOf(around, N);
    if (seen <= 0) {
      return weights;
    }
    double[] ridge = new double[N];
    for (int i = 0; i < N; i++) {
      ridge[i] = squares[i * N + i] / seen * hold;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double moved = 0;
      for (int i = 0; i < N; i++) {
        double bend = squares[i * N + i] + ridge[i];
        if (bend > 0) {
          double rest = products[i] + ridge[i] * around[i];
          for (int j = 0; j < N; j++) {
            rest -= j == i ? 0 : squares[j < i ? i * N + j : j * N + i] * weights[j];
          }
          double next = Math.max(0, rest / bend);
          moved = Math.max(moved, Math.abs(next - weights[i]));
          weights[i] = next;
        }
      }
      if (moved < 1e-5) {
        break;
      }
    }
    return weights;
  }
}
