package oca.fill.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers names in order of their first mention, without a string for each mention. */
final class Names {
  private int[] slots = new int[1 << 12];
  private int[] hashes = new int[1 << 11];
  private byte[][] names = new byte[1 << 11][];
  private int size;

  int size() {
    return size;
  }

  String name(int id) {
    return new String(names[id], StandardCharsets.UTF_8);
  }

  byte[] bytes(int id) {
    return names[id];
  }

  /** The number of a name, which is given one if it has none. */
  int id(byte[] bytes, int from, int to) {
    int hash = hash(bytes, from, to);
    int slot = slot(bytes, from, to, hash);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (size == names.length) {
      grow();
      slot = slot(bytes, from, to, hash);
    }
    names[size] = Arrays.copyOfRange(bytes, from, to);
    hashes[size] = hash;
    slots[slot] = ++size;
    return size - 1;
  }

  /** The number of a name, -1 when it has none. */
  int find(byte[] bytes, int from, int to) {
    return slots[slot(bytes, from, to, hash(bytes, from, to))] - 1;
  }

  private int slot(byte[] bytes, int from, int to, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int id = slots[slot] - 1;
      if (hashes[id] == hash && Arrays.equals(names[id], 0, names[id].length, bytes, from, to)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    names = Arrays.copyOf(names, 2 * names.length);
    hashes = Arrays.copyOf(hashes, names.length);
    slots = new int[2 * names.length];
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = hashes[id] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id + 1;
    }
  }

  /** FNV-1a with a last stir; a hostile table can make it slow, which its limits bound. */
  private static int hash(byte[] bytes, int from, int to) {
    long hash = 0xcbf29ce484222325L;
    for (int at = from; at < to; at++) {
      hash = (hash ^ (bytes[at] & 0xff)) * 0x100000001b3L;
    }
    return Long.hashCode(hash * 0x9e3779b97f4a7c15L);
  }
}
