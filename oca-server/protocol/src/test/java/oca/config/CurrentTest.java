package oca.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurrentTest {
  private final Current<Integer> number = Current.of(2);

  @Test
  void map_replaced_followsWithAllThatFollowsFromIt() {
    Current<Integer> square = number.map(it -> it * it);
    Current<String> text = square.map(it -> "is " + it);
    assertEquals("is 4", text.get());
    number.replace(3);
    assertEquals(3, number.get());
    assertEquals(9, square.get());
    assertEquals("is 9", text.get());
  }

  @Test
  void replace_whatMustNotComeIntoForce_changesNothing() {
    Current<Integer> first = number.map(it -> it + 1);
    Current<Integer> picky =
        number.map(
            it -> {
              if (it > 10) {
                throw new IllegalArgumentException("too much");
              }
              return it;
            });
    List<String> told = new ArrayList<>();
    number.whenReplaced(() -> told.add("changed"));
    assertThrows(IllegalArgumentException.class, () -> number.replace(11));
    assertEquals(List.of(2, 3, 2), List.of(number.get(), first.get(), picky.get()));
    assertEquals(List.of(), told);
  }

  @Test
  void whenReplaced_ofAPart_isToldAfterAllIsReplaced() {
    Current<Integer> half = number.map(it -> it / 2);
    List<String> told = new ArrayList<>();
    half.whenReplaced(() -> told.add(number.get() + "/" + half.get()));
    number.replace(8);
    assertEquals(List.of("8/4"), told);
  }

  @Test
  void replace_part_isRefused() {
    Current<Integer> part = number.map(it -> it);
    assertThrows(IllegalStateException.class, () -> part.replace(1));
  }
}
