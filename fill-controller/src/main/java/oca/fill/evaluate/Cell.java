package oca.fill.evaluate;

import java.util.Arrays;

/** Amounts by file, of one period and region: what a table says of them, ordered by file. */
final class Cell {
  static final Cell EMPTY = new Cell();

  private int[] files = new int[16];
  private double[] amounts = new double[16];
  private short[] versions = new short[0];
  private int size;

  void add(int file, double amount) {
    if (size == files.length) {
      int room = size + (size >> 1) + 16;
      files = Arrays.copyOf(files, room);
      amounts = Arrays.copyOf(amounts, room);
      if (versions.length > 0) {
        versions = Arrays.copyOf(versions, room);
      }
    }
    files[size] = file;
    amounts[size++] = amount;
  }

  /** Adds a row that names another than the first size of its file; 0 is the first. */
  void add(int file, double amount, int version) {
    add(file, amount);
    if (version > 0 && versions.length == 0) {
      versions = new short[files.length];
    }
    if (versions.length > 0) {
      versions[size - 1] = (short) version;
    }
  }

  int size() {
    return size;
  }

  int file(int at) {
    return files[at];
  }

  double amount(int at) {
    return amounts[at];
  }

  int version(int at) {
    return versions.length == 0 ? 0 : versions[at] & 0xffff;
  }

  double sum() {
    double sum = 0;
    for (int at = 0; at < size; at++) {
      sum += amounts[at];
    }
    return sum;
  }

  /** Renumbers the files, orders them, and adds up rows of one file; the newest version counts. */
  void settle(int[] numbers) {
    long[] order = new long[size];
    for (int at = 0; at < size; at++) {
      order[at] = ((long) numbers[files[at]] << 32) | at;
    }
    Arrays.sort(order);
    int[] sorted = new int[size];
    double[] sums = new double[size];
    short[] kept = new short[versions.length == 0 ? 0 : size];
    int write = -1;
    for (long key : order) {
      int file = (int) (key >>> 32);
      int at = (int) key;
      if (write < 0 || sorted[write] != file) {
        sorted[++write] = file;
      }
      sums[write] += amounts[at];
      if (kept.length > 0) {
        kept[write] = versions[at];
      }
    }
    size = write + 1;
    files = Arrays.copyOf(sorted, size);
    amounts = Arrays.copyOf(sums, size);
    versions = kept.length == 0 ? kept : Arrays.copyOf(kept, size);
  }
}
