package oca.store.simulate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The bound: evicts what is asked for again last, and lets a newcomer pass by when that is the
 * newcomer (Belady, "A study of replacement algorithms for virtual-storage computers", 1966; with
 * bypass as in Mattson and others 1970). Knows the future from one pass backwards over the trace.
 *
 * <p>For objects of unequal size the true optimum is out of reach; this is the customary bound and
 * is not weakened: nothing is evicted for a newcomer that then does not fit. Memory is 20 bytes for
 * each object, and 8 bytes on disk for each request.
 */
final class Belady implements Closeable {
  private static final long NEVER = Long.MAX_VALUE;

  private final Recording recording;
  private final FileChannel nextUses;

  private Belady(Recording recording, FileChannel nextUses) {
    this.recording = recording;
    this.nextUses = nextUses;
  }

  /** Looks into the future of a recording. */
  static Belady of(Recording recording) throws IOException {
    FileChannel file = Recording.temporary(recording.folder());
    try {
      long[] last = new long[recording.objects()];
      Arrays.fill(last, NEVER);
      recording.backward(
          (first, objects, count) -> {
            ByteBuffer buffer = ByteBuffer.allocate(count * Long.BYTES);
            for (int i = count - 1; i >= 0; i--) {
              buffer.putLong(i * Long.BYTES, last[objects[i]]);
              last[objects[i]] = first + i;
            }
            for (long at = first * Long.BYTES; buffer.hasRemaining(); ) {
              at += file.write(buffer, at);
            }
          });
      return new Belady(recording, file);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /** Plays the whole recording. On any thread. */
  Outcome play(long capacity) throws IOException {
    Player player = new Player(capacity);
    recording.forward(
        (first, objects, count) -> {
          ByteBuffer buffer = ByteBuffer.allocate(count * Long.BYTES);
          Recording.readFully(nextUses, buffer, first * Long.BYTES);
          for (int i = 0; i < count; i++) {
            player.request(objects[i], buffer.getLong(i * Long.BYTES));
          }
        });
    return new Outcome(player.hits, player.byteHits, player.written);
  }

  @Override
  public void close() throws IOException {
    nextUses.close();
  }

  /** What is held, in a heap with the farthest next use on top. */
  private final class Player {
    private final long capacity;
    private final long[] nextUse = new long[recording.objects()];
    private final int[] place = new int[recording.objects()];
    private int[] heap = new int[1 << 10];
    private int size;
    private int[] passed = new int[16];
    private long used;
    private long hits;
    private long byteHits;
    private long written;

    Player(long capacity) {
      this.capacity = capacity;
      Arrays.fill(place, -1);
    }

    void request(int object, long next) {
      long bytes = recording.size(object);
      if (place[object] >= 0) {
        hits++;
        byteHits += bytes;
        nextUse[object] = next;
        if (next == NEVER) {
          remove(object);
        } else {
          up(object, place[object]);
        }
      } else if (next != NEVER && bytes <= capacity && makeRoom(bytes, next)) {
        nextUse[object] = next;
        add(object);
        written += bytes;
      }
    }

    /** Evicts what is asked for later than the newcomer, if that is enough; else nothing. */
    private boolean makeRoom(long bytes, long next) {
      int count = 0;
      while (used + bytes > capacity && size > 0 && nextUse[heap[0]] > next) {
        if (count == passed.length) {
          passed = Arrays.copyOf(passed, count * 2);
        }
        passed[count++] = heap[0];
        remove(heap[0]);
      }
      if (used + bytes <= capacity) {
        return true;
      }
      while (count > 0) {
        add(passed[--count]);
      }
      return false;
    }

    private void add(int object) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      used += recording.size(object);
      up(object, size++);
    }

    private void remove(int object) {
      int hole = place[object];
      int last = heap[--size];
      place[object] = -1;
      used -= recording.size(object);
      if (last != object) {
        up(last, hole);
        down(last, place[last]);
      }
    }

    private void up(int object, int from) {
      int at = from;
      for (; at > 0 && nextUse[heap[(at - 1) / 2]] < nextUse[object]; at = (at - 1) / 2) {
        put(heap[(at - 1) / 2], at);
      }
      put(object, at);
    }

    private void down(int object, int from) {
      int at = from;
      for (int below = 2 * at + 1; below < size; below = 2 * at + 1) {
        if (below + 1 < size && nextUse[heap[below + 1]] > nextUse[heap[below]]) {
          below++;
        }
        if (nextUse[heap[below]] <= nextUse[object]) {
          break;
        }
        put(heap[below], at);
        at = below;
      }
      put(object, at);
    }

    private void put(int object, int at) {
      heap[at] = object;
      place[object] = at;
    }
  }
}
