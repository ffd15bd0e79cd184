package oca.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PieceTest {
  /** Any two lists, elements repeated, moved, added and gone: one is told by the other. */
  @Property(tries = 500)
  void join_ofAnyTwoLists_isTheOneThatWasTold(@ForAll long seed) throws WireException {
    Random random = new Random(seed);
    List<Integer> other = some(random);
    List<Integer> list = new ArrayList<>(other);
    for (int i = random.nextInt(6); i > 0; i--) {
      int from = random.nextInt(list.size() + 1);
      int to = from + random.nextInt(list.size() - from + 1);
      List<Integer> part = new ArrayList<>(list.subList(from, to));
      list.subList(from, to).clear();
      if (random.nextBoolean()) {
        list.addAll(random.nextInt(list.size() + 1), random.nextBoolean() ? part : some(random));
      }
    }
    List<Piece<Integer>> pieces = Piece.of(list, marks(other), Integer::longValue);
    assertEquals(list, Piece.join(pieces, other, list.size()), "seed " + seed);
  }

  @Test
  void of_aFewChanged_isAFewPieces() {
    List<Integer> other = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      other.add(i);
    }
    List<Integer> list = new ArrayList<>(other);
    list.set(500, -1);
    list.addFirst(-2);
    list.removeLast();
    assertEquals(
        List.of(
            new Piece<>(0, 0, List.of(-2)),
            new Piece<>(0, 500, List.of(-1)),
            new Piece<>(501, 498, List.of())),
        Piece.of(list, marks(other), Integer::longValue));
    assertEquals(List.of(), Piece.of(List.of(), marks(other), Integer::longValue));
  }

  @Test
  void join_whatDoesNotFit_isRefused() {
    List<Integer> other = List.of(1, 2, 3);
    for (Piece<Integer> odd :
        List.of(
            new Piece<Integer>(4, 0, List.of()),
            new Piece<Integer>(1, 3, List.of()),
            new Piece<Integer>(1, Integer.MAX_VALUE, List.of()))) {
      assertThrows(WireException.class, () -> Piece.join(List.of(odd), other, 100));
    }
    List<Piece<Integer>> twice =
        List.of(new Piece<>(0, 3, List.of()), new Piece<>(0, 3, List.of()));
    assertThrows(WireException.class, () -> Piece.join(twice, other, 5));
    assertThrows(IllegalArgumentException.class, () -> new Piece<>(-1, 0, List.of()));
  }

  private static List<Integer> some(Random random) {
    List<Integer> list = new ArrayList<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      list.add(random.nextInt(40));
    }
    return list;
  }

  private static long[] marks(List<Integer> list) {
    return list.stream().mapToLong(Integer::longValue).toArray();
  }
}
