package dae.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import org.junit.jupiter.api.Test;

/// The same seed gives the same bits, whatever the number of threads, however often.
class DeterminismTest {
  private static final int STEPS = 5;

  @Test
  void bitsDependOnTheSeedAlone() {
    float[] expected = weights(1);
    for (int threads : new int[] {2, 3, 1, 2}) {
      float[] got = weights(threads);
      for (int i = 0; i < got.length; i++) {
        if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(got[i])) {
          assertArrayEquals(expected, got, threads + " threads");
        }
      }
    }
  }

  /// Weights and moving statistics after a few steps; the last batch is smaller.
  private static float[] weights(int threads) {
    try (Backend backend = TestBackends.simd(threads).open()) {
      Training training = new Training(backend, 16);
      float[] before = training.weights(backend);
      for (int step = 0; step < STEPS; step++) {
        training.step(step == STEPS - 1 ? 5 : 16, step);
      }
      float[] after = training.weights(backend);
      assertNotEquals(before[0], after[0]);
      float[] mean = training.parameters.get("conv_block4/batch_normalization/moving_mean");
      float[] all = java.util.Arrays.copyOf(after, after.length + mean.length);
      System.arraycopy(mean, 0, all, after.length, mean.length);
      return all;
    }
  }
}
