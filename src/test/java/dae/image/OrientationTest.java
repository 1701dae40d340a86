package dae.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrientationTest {
  private static int[] pixels(boolean mirrored, int turns, int h, int w) {
    return new Orientation(mirrored, turns).pixels(h, w);
  }

  /// ```
  ///   0 1 2
  ///   3 4 5
  /// ```
  @Test
  void aPictureOfSixPixelsLiesInEightWays() {
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, pixels(false, 0, 2, 3));
    assertArrayEquals(new int[] {2, 5, 1, 4, 0, 3}, pixels(false, 1, 2, 3));
    assertArrayEquals(new int[] {5, 4, 3, 2, 1, 0}, pixels(false, 2, 2, 3));
    assertArrayEquals(new int[] {3, 0, 4, 1, 5, 2}, pixels(false, 3, 2, 3));
    assertArrayEquals(new int[] {2, 1, 0, 5, 4, 3}, pixels(true, 0, 2, 3));
    assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, pixels(true, 1, 2, 3));
    assertArrayEquals(new int[] {3, 4, 5, 0, 1, 2}, pixels(true, 2, 2, 3));
    assertArrayEquals(new int[] {5, 2, 4, 1, 3, 0}, pixels(true, 3, 2, 3));
  }

  @Test
  void allAreDifferentAndTheFirstChangesNothing() {
    assertEquals(8, Orientation.ALL.size());
    assertArrayEquals(IntStream.range(0, 35).toArray(), Orientation.ALL.getFirst().pixels(5, 7));
    Set<String> orders = new HashSet<>();
    for (Orientation each : Orientation.ALL) {
      int[] order = each.pixels(5, 7);
      orders.add(Arrays.toString(order));
      Arrays.sort(order);
      assertArrayEquals(IntStream.range(0, 35).toArray(), order, each + " loses a pixel");
      assertEquals(each.turns() % 2 == 1, each.exchangesSides());
    }
    assertEquals(8, orders.size());
  }

  /// Twice a quarter turn is a half turn, of a picture that lies on its side in between.
  @Test
  void turnsAddUp() {
    int h = 4;
    int w = 3;
    for (boolean mirrored : new boolean[] {false, true}) {
      int[] order = pixels(mirrored, 0, h, w);
      for (int turns = 1; turns < 4; turns++) {
        boolean lying = turns % 2 == 0;
        int[] quarter = pixels(false, 1, lying ? w : h, lying ? h : w);
        int[] before = order;
        order = Arrays.stream(quarter).map(pixel -> before[pixel]).toArray();
        assertArrayEquals(pixels(mirrored, turns, h, w), order, mirrored + " " + turns);
      }
    }
  }
}
