package dae.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Network;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same seed gives the same bits, whatever the number of threads, however often.
class DeterminismTest {
  private static final int STEPS = 5;

  @Test
  void bitsDependOnTheSeedAlone() {
    sameWeights(new ArticleNetwork(Training.WIDTH), 2, 3, 1, 2);
  }

  @ParameterizedTest
  @MethodSource("dae.model.SmallNetworks#all")
  void noNetworksBitsDependOnThreads(Network network) {
    sameWeights(network, 2, 3);
  }

  private static void sameWeights(Network network, int... others) {
    float[] expected = weights(network, 1);
    for (int threads : others) {
      float[] got = weights(network, threads);
      for (int i = 0; i < got.length; i++) {
        if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(got[i])) {
          assertArrayEquals(expected, got, threads + " threads");
        }
      }
    }
  }

  /// Weights and moving statistics after a few steps; the last batch is smaller.
  private static float[] weights(Network network, int threads) {
    try (Backend backend = TestBackends.simd(threads).open()) {
      Training training = new Training(backend, network, 16);
      float[] before = all(training.parameters);
      for (int step = 0; step < STEPS; step++) {
        training.step(step == STEPS - 1 ? 5 : 16, step);
      }
      float[] after = all(training.parameters);
      assertNotEquals(before[0], after[0]);
      return after;
    }
  }

  private static float[] all(Parameters parameters) {
    FloatBuffer all = FloatBuffer.allocate(1 << 20);
    parameters.all().keySet().forEach(name -> all.put(parameters.get(name)));
    return Arrays.copyOf(all.array(), all.position());
  }
}
