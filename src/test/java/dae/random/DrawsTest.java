package dae.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void walksThroughTheBlocksOfItsCounter() {
    Draws draws = new Draws(0x0000_0002_0000_0001L, Streams.LEAVES, 5, 6);
    int[] words = new int[4];
    for (int i = 0; i < 9; i++) {
      Philox.block(i / 4, 5, 6, Streams.LEAVES, 1, 2, words);
      assertEquals(words[i % 4], draws.word());
    }
    assertNotEquals(
        new Draws(1, Streams.LEAVES, 5, 6).word(), new Draws(1, Streams.CROPS, 5, 6).word());
  }

  @Test
  void staysInRangeAndReachesAllOfIt() {
    Draws draws = new Draws(1, Streams.CROPS, 0, 0);
    int[] seen = new int[7];
    double mean = 0;
    for (int i = 0; i < 70_000; i++) {
      seen[draws.below(7)]++;
      float u = draws.uniform(-2, 4);
      assertTrue(u >= -2 && u < 4);
      mean += u / 70_000;
    }
    for (int count : seen) {
      assertEquals(10_000, count, 500);
    }
    assertEquals(1, mean, 0.05);
  }

  @Test
  void scaleUsesTheWholeUnsignedWord() {
    assertEquals(0, Draws.scale(0, 50_000));
    assertEquals(25_000, Draws.scale(0x8000_0000, 50_000));
    assertEquals(49_999, Draws.scale(-1, 50_000));
  }
}
