package oca.store.evict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Held files by their worth, the least worthy first, where a hit raises a worth and moves nothing.
 *
 * <p>A heap by the worth that was last seen of each. The one on top is sifted down when its worth
 * has risen since; a top whose worth has not is the least of all, because no other's can have
 * fallen. So a file that is hit a thousand times between two looks is moved once, and one that is
 * popular never comes near the top. Those that were refused stand behind the heap, out of the way;
 * a few are asked again at each call, and all of them before a call comes back empty.
 */
final class Ranking<T> {
  private static final int FIRST_ROOM = 16;
  private static final int ASK_AGAIN = 4;
  private static final int MOST_LOOKS = 4096;

  // [0, active) is the heap; [active, size) was refused or is chosen and not removed yet.
  private @Nullable Ranked<T>[] places = room(FIRST_ROOM);
  private int active;
  private int size;
  private long bytes;
  private int askNext;

  /** A held file. */
  abstract static class Ranked<T> implements EvictionPolicy.Place {
    final T file;
    // Rounded down, so that victims are never less than they seem.
    private float bytes;
    private int index;
    private int seen;

    Ranked(T file, long bytes) {
      this.file = file;
      this.bytes = down(bytes);
    }

    /** What it is worth now; only their differences count, which must fit an int. */
    abstract int worth();

    final long bytes() {
      return (long) bytes;
    }

    private static float down(long bytes) {
      float near = (float) bytes;
      return (long) near > bytes ? Math.nextDown(near) : near;
    }
  }

  int size() {
    return size;
  }

  /** Of all together. */
  long bytes() {
    return bytes;
  }

  void add(Ranked<T> place) {
    if (size == places.length) {
      places = Arrays.copyOf(places, size + (size >> 1));
    }
    place.index = size++;
    places[place.index] = place;
    bytes += place.bytes();
    activate(place);
  }

  /**
   * Takes a place out.
   *
   * @throws IllegalArgumentException when it is not there
   */
  Ranked<T> remove(EvictionPolicy.Place place) {
    Ranked<T> here = here(place);
    deactivate(here);
    Ranked<T> last = at(--size);
    put(last, here.index);
    places[size] = null;
    here.index = -1;
    bytes -= here.bytes();
    return here;
  }

  /**
   * Takes more or less room.
   *
   * @throws IllegalArgumentException when it is not there
   */
  void resize(EvictionPolicy.Place place, long to) {
    Ranked<T> here = here(place);
    bytes -= here.bytes();
    here.bytes = Ranked.down(to);
    bytes += here.bytes();
  }

  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // Is it the very one that stands there?
  private Ranked<T> here(EvictionPolicy.Place place) {
    if (!(place instanceof Ranked<?> held)
        || held.index < 0
        || held.index >= size
        || places[held.index] != held) {
      throw new IllegalArgumentException("this place is not, or no longer, of this policy");
    }
    return (Ranked<T>) held;
  }

  /**
   * The least worthy of those that may be chosen. Where hits rain on all of them at once, whoever
   * stands on top after so many looks: this is called under a lock that others wait for.
   */
  @Nullable Ranked<T> least() {
    if (active == 0) {
      return null;
    }
    for (int look = 0; look < MOST_LOOKS; look++) {
      Ranked<T> top = at(0);
      int worth = top.worth();
      if (top.seen == worth) {
        return top;
      }
      top.seen = worth;
      down(top);
    }
    return at(0);
  }

  /** Changes all worths in a way that keeps their order, but may make some equal. */
  void change(Consumer<? super Ranked<T>> action) {
    for (int i = 0; i < size; i++) {
      action.accept(at(i));
    }
    // Those hit since they were last seen have changed their order: make a heap of them anew.
    for (int i = 0; i < active; i++) {
      at(i).seen = at(i).worth();
    }
    for (int i = active / 2 - 1; i >= 0; i--) {
      down(at(i));
    }
  }

  /** See {@link EvictionPolicy#victims}. */
  List<T> victims(long wanted, Predicate<? super T> mayGo) {
    askAgain(mayGo);
    List<Ranked<T>> chosen = new ArrayList<>();
    long found = 0;
    for (Ranked<T> least = least(); least != null && found < wanted; least = least()) {
      deactivate(least);
      if (mayGo.test(least.file)) {
        chosen.add(least);
        found += least.bytes();
      }
    }
    if (found < wanted && !searchAside(chosen, wanted - found, mayGo)) {
      return List.of();
    }
    return chosen.stream().map(place -> place.file).toList();
  }

  /** A few of those that were refused may be chosen again, if they may go by now. */
  private void askAgain(Predicate<? super T> mayGo) {
    for (int asked = 0; asked < ASK_AGAIN && active < size; asked++) {
      askNext = askNext < active || askNext >= size ? active : askNext;
      Ranked<T> place = at(askNext++);
      if (mayGo.test(place.file)) {
        activate(place);
      }
    }
  }

  /** Asks all again that were refused; the chosen, who stand among them, step back first. */
  private boolean searchAside(List<Ranked<T>> chosen, long wanted, Predicate<? super T> mayGo) {
    chosen.forEach(this::activate);
    List<Ranked<T>> late = new ArrayList<>();
    for (int i = active; i < size; i++) {
      Ranked<T> place = at(i);
      if (mayGo.test(place.file)) {
        late.add(place);
      }
    }
    late.forEach(this::activate);
    late.sort(Comparator.comparingInt(place -> place.seen));
    long found = 0;
    for (int i = 0; i < late.size() && found < wanted; i++) {
      chosen.add(late.get(i));
      found += late.get(i).bytes();
    }
    return found >= wanted;
  }

  /** Moves a place from behind the heap into it. */
  private void activate(Ranked<T> place) {
    put(at(active), place.index);
    put(place, active++);
    place.seen = place.worth();
    up(place);
  }

  /** Moves a place from the heap, if it is there, to right behind it. */
  private void deactivate(Ranked<T> place) {
    int hole = place.index;
    if (hole >= active) {
      return;
    }
    Ranked<T> last = at(--active);
    put(place, active);
    if (hole != active) {
      put(last, hole);
      up(last);
      down(last);
    }
  }

  private void up(Ranked<T> place) {
    int index = place.index;
    while (index > 0) {
      Ranked<T> above = at((index - 1) / 2);
      if (above.seen - place.seen <= 0) {
        break;
      }
      put(above, index);
      index = (index - 1) / 2;
    }
    put(place, index);
  }

  private void down(Ranked<T> place) {
    int index = place.index;
    for (int below = 2 * index + 1; below < active; below = 2 * index + 1) {
      if (below + 1 < active && at(below + 1).seen - at(below).seen < 0) {
        below++;
      }
      if (at(below).seen - place.seen >= 0) {
        break;
      }
      put(at(below), index);
      index = below;
    }
    put(place, index);
  }

  private void put(Ranked<T> place, int index) {
    places[index] = place;
    place.index = index;
  }

  private Ranked<T> at(int index) {
    @Nullable Ranked<T> place = places[index];
    if (place == null) {
      throw new IllegalStateException("nothing stands at " + index + " of " + size);
    }
    return place;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Arrays have no type argument.
  private static <T> @Nullable Ranked<T>[] room(int places) {
    return new Ranked[places];
  }
}
