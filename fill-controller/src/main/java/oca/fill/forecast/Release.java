package oca.fill.forecast;

/**
 * A file that comes, or came, at a known time.
 *
 * @param file its number
 * @param period the first in which it can be asked for
 * @param kind number of its kind, 1 or more; releases of one kind fade alike
 * @param prior size of audience that is expected, in any unit; NaN for none
 */
public record Release(int file, long period, int kind, double prior) {}
