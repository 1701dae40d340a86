package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeadLeavesTest {
  private static Images training;
  private static Images test;

  @BeforeAll
  static void generate() {
    DeadLeaves leaves = new DeadLeaves();
    training = leaves.training();
    test = leaves.test();
  }

  @Test
  void hasItsSizes() {
    assertEquals(20_000, training.count());
    assertEquals(2_000, test.count());
    assertEquals(32, training.height());
    assertEquals(32, training.width());
  }

  @Test
  void isTheSameOnOneThread() throws Exception {
    try (ForkJoinPool one = new ForkJoinPool(1)) {
      byte[] again = one.submit(() -> new DeadLeaves().test().bytes()).get();
      assertArrayEquals(test.bytes(), again);
    }
  }

  /// The bytes are part of what a run's results mean: whoever changes them on purpose changes this.
  @Test
  void isTheSameOnEveryMachine() {
    CRC32 crc = new CRC32();
    crc.update(test.bytes());
    assertEquals(4_269_789_168L, crc.getValue());
  }

  @Test
  void showsObjectsAndNotNoise() {
    double mean = 0;
    double meanOfSquares = 0;
    double difference = 0;
    byte[] bytes = training.bytes();
    int pairs = 0;
    for (int i = 0; i < 500 * training.bytesPerImage(); i++) {
      int value = bytes[i] & 0xFF;
      mean += value;
      meanOfSquares += value * value;
      if (i % 96 >= 3) {
        int left = bytes[i - 3] & 0xFF;
        difference += (value - left) * (value - left);
        pairs++;
      }
    }
    int n = 500 * training.bytesPerImage();
    mean /= n;
    double variance = meanOfSquares / n - mean * mean;
    assertEquals(127, mean, 12);
    assertTrue(Math.sqrt(variance) > 50, "contrast " + Math.sqrt(variance));
    double correlation = 1 - difference / pairs / 2 / variance;
    assertTrue(correlation > 0.8 && correlation < 0.98, "neighbours correlate " + correlation);
  }

  @Test
  void splitsDiffer() {
    byte[] first = Arrays.copyOf(training.bytes(), test.bytesPerImage());
    assertFalse(Arrays.equals(first, Arrays.copyOf(test.bytes(), first.length)));
  }
}
