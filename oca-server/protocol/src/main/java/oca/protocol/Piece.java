package oca.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A piece of a list that is told by another: so many of the other's elements, then some of its own.
 *
 * @param at the index of the first element taken from the other list, 0 or more
 * @param take how many are taken from there, 0 or more
 * @param add elements that follow them
 */
public record Piece<E>(int at, int take, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<E> add) {
  public Piece {
    // Left out where nothing is added.
    add = add == null ? List.of() : List.copyOf(add);
    if (at < 0 || take < 0) {
      throw new IllegalArgumentException("a piece takes " + take + " elements at " + at);
    }
  }

  /** A number that stands for an element of a list that need not be at hand any more. */
  @FunctionalInterface
  public interface Mark<E> {
    /** Equal for equal elements, and almost never for others. */
    long of(E element);
  }

  /**
   * The list told by another of which only the marks are known. Finds every element that both have,
   * wherever it went.
   *
   * @param other the marks of the other list's elements, in their order
   */
  public static <E> List<Piece<E>> of(List<E> list, long[] other, Mark<E> mark) {
    Map<Long, Integer> places = HashMap.newHashMap(other.length);
    for (int i = 0; i < other.length; i++) {
      places.putIfAbsent(other[i], i);
    }
    List<Piece<E>> pieces = new ArrayList<>();
    int at = 0;
    int take = 0;
    List<E> add = new ArrayList<>();
    for (E element : list) {
      long wanted = mark.of(element);
      boolean goesOn = add.isEmpty() && at + take < other.length && other[at + take] == wanted;
      Integer place = goesOn ? Integer.valueOf(at + take) : places.get(wanted);
      if (place == null) {
        add.add(element);
        continue;
      }
      if (take + add.size() > 0 && (!add.isEmpty() || place != at + take)) {
        pieces.add(new Piece<>(at, take, add));
        add = new ArrayList<>();
        take = 0;
      }
      at = take == 0 ? place : at;
      take++;
    }
    if (take + add.size() > 0) {
      pieces.add(new Piece<>(take == 0 ? 0 : at, take, add));
    }
    return pieces;
  }

  /**
   * The list that the pieces tell.
   *
   * @param most elements that it may have
   * @throws WireException when they do not fit the other list, or tell too many
   */
  public static <E> List<E> join(List<Piece<E>> pieces, List<E> other, int most)
      throws WireException {
    List<E> list = new ArrayList<>();
    for (Piece<E> piece : pieces) {
      if (piece.at > other.size() || piece.take > other.size() - piece.at) {
        throw new WireException(
            "a piece takes "
                + piece.take
                + " at "
                + piece.at
                + " of "
                + other.size()
                + " elements");
      }
      if ((long) list.size() + piece.take + piece.add.size() > most) {
        throw new WireException("pieces tell more than " + most + " elements");
      }
      list.addAll(other.subList(piece.at, piece.at + piece.take));
      list.addAll(piece.add);
    }
    return list;
  }
}
