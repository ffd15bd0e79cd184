package oca.fill.forecast;

/**
 * What a region asked for in one period: files by number, and how often each, which is bytes
 * streamed by the size of the file.
 *
 * @param files no number twice
 * @param plays as many, each 0 or more
 */
public record Plays(int[] files, double[] plays) {
  /** Nothing asked for. */
  public static final Plays NONE = new Plays(new int[0], new double[0]);
}
