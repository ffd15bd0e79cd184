package oca.fill.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NumbersTest {
  private final Numbers numbers = new Numbers(2);

  private long take(String boot, long number) {
    return numbers.passed("serve", "north-1", boot, number);
  }

  @Test
  void passed_inOrder_isNone() {
    assertEquals(0, take("a", 7), "the first of a boot may be any");
    assertEquals(0, take("a", 8));
    assertEquals(0, take("a", 9));
  }

  @Test
  void passed_aJump_isWhatIsBetween() {
    assertEquals(0, take("a", 1));
    assertEquals(3, take("a", 5));
    assertEquals(0, take("a", 6));
  }

  @Test
  void passed_againOrLate_isNone() {
    assertEquals(0, take("a", 4));
    assertEquals(0, take("a", 4));
    assertEquals(0, take("a", 2));
    assertEquals(0, take("a", 5));
  }

  @Test
  void passed_anotherBootOrKind_isByItself() {
    assertEquals(0, take("a", 4));
    assertEquals(0, take("b", 9));
    assertEquals(1, take("a", 6));
  }

  @Test
  void passed_ofMoreBootsThanRemembered_beginsAnew() {
    assertEquals(0, take("a", 1));
    assertEquals(0, take("b", 1));
    assertEquals(0, take("c", 1));
    assertEquals(0, take("a", 50), "forgotten, so the first again");
  }
}
