package dae.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShuffleTest {
  @Test
  void holdsEachNumberOnce() {
    for (int n : new int[] {0, 1, 2, 3, 4, 5, 1000}) {
      int[] sorted = Shuffle.permutation(n, 5, 2);
      Arrays.sort(sorted);
      assertArrayEquals(IntStream.range(0, n).toArray(), sorted);
    }
  }

  @Test
  void dependsOnSeedAndEpochOnly() {
    int[] order = Shuffle.permutation(1000, 5, 2);
    int[] reused = new int[1000];
    Shuffle.fill(reused, 9, 9);
    Shuffle.fill(reused, 5, 2);
    assertArrayEquals(order, reused);
    assertFalse(Arrays.equals(order, Shuffle.permutation(1000, 5, 3)));
    assertFalse(Arrays.equals(order, Shuffle.permutation(1000, 6, 2)));
    assertFalse(Arrays.equals(order, Shuffle.permutation(1000, 5L | 1L << 32, 2)));
  }

  @Test
  void allOrdersOfFourAreEquallyLikely() {
    int draws = 24_000;
    int[] seen = new int[256];
    for (int epoch = 0; epoch < draws; epoch++) {
      int[] order = Shuffle.permutation(4, 1, epoch);
      seen[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
    }
    double chiSquare = 0;
    int orders = 0;
    for (int count : seen) {
      if (count > 0) {
        orders++;
        chiSquare += (count - 1000.0) * (count - 1000.0) / 1000;
      }
    }
    assertEquals(24, orders);
    // 23 degrees of freedom: mean 23, standard deviation 6.8.
    assertEquals(23, chiSquare, 5 * 6.8);
  }
}
