package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrientationTest {
  /// The order of a picture that was oriented twice.
  private static int[] twice(int[] first, int[] second) {
    return IntStream.of(second).map(i -> first[i]).toArray();
  }

  @Test
  void eightByHand() {
    // 0 1 2
    // 3 4 5
    List<String> orders =
        Orientation.ALL.stream().map(each -> Arrays.toString(each.pixels(2, 3))).toList();
    assertEquals(
        List.of(
            "[0, 1, 2, 3, 4, 5]",
            "[2, 1, 0, 5, 4, 3]",
            "[5, 4, 3, 2, 1, 0]",
            "[3, 4, 5, 0, 1, 2]",
            "[2, 5, 1, 4, 0, 3]",
            "[0, 3, 1, 4, 2, 5]",
            "[3, 0, 4, 1, 5, 2]",
            "[5, 2, 4, 1, 3, 0]"),
        orders);
  }

  @Test
  void theFirstChangesNothingAndTheLastFourExchangeSides() {
    assertEquals(new Orientation(false, 0), Orientation.ALL.getFirst());
    for (int i = 0; i < 8; i++) {
      assertEquals(i >= 4, Orientation.ALL.get(i).exchangesSides(), "" + Orientation.ALL.get(i));
    }
  }

  @Test
  void eachHasOneThatTakesItBack() {
    int h = 3;
    int w = 4;
    int[] same = IntStream.range(0, h * w).toArray();
    for (Orientation there : Orientation.ALL) {
      int rows = there.exchangesSides() ? w : h;
      int columns = there.exchangesSides() ? h : w;
      long back =
          Orientation.ALL.stream()
              .filter(each ->
                  each.exchangesSides() == there.exchangesSides()
                      && Arrays.equals(same, twice(there.pixels(h, w), each.pixels(rows, columns))))
              .count();
      assertEquals(1, back, "" + there);
    }
  }

  @Test
  void allDifferOnASquare() {
    Set<List<Integer>> orders = new HashSet<>();
    for (Orientation each : Orientation.ALL) {
      orders.add(IntStream.of(each.pixels(3, 3)).boxed().toList());
    }
    assertEquals(8, orders.size());
  }

  @Test
  void turnsAreQuarters() {
    int[] once = new Orientation(false, 1).pixels(3, 3);
    assertArrayEquals(new Orientation(false, 2).pixels(3, 3), twice(once, once));
    int[] mirrored = new Orientation(true, 0).pixels(3, 3);
    assertArrayEquals(new Orientation(true, 1).pixels(3, 3), twice(mirrored, once));
    assertFalse(Arrays.equals(twice(once, mirrored), twice(mirrored, once)));
    assertTrue(new Orientation(true, 3).exchangesSides());
  }
}
