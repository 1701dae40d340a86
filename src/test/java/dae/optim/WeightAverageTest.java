package dae.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Init;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightAverageTest {
  private static final int SIZE = 37;
  private static final int STEPS = 200;
  private static final double DECAY = 0.9;
  private static final List<Param> PARAMS =
      List.of(
          new Param("w", Shape.vector(SIZE), Init.zeros(), true),
          new Param("moving_mean", Shape.vector(SIZE), Init.ones(), false));

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void followsItsFormulaForWeightsAndStatistics(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Parameters weights = new Parameters(PARAMS, backend, 1);
      WeightAverage average = new WeightAverage(weights, backend, DECAY);
      double[] w = new double[SIZE];
      double[] s = new double[SIZE];
      Arrays.fill(s, 1);
      for (int t = 1; t <= STEPS; t++) {
        float[] stepW = Numbers.uniform(t, SIZE);
        float[] stepS = Numbers.uniform(1000 + t, SIZE);
        weights.set("w", stepW);
        weights.set("moving_mean", stepS);
        long version = average.average().version();
        average.take(t);
        assertTrue(average.average().version() != version, "packed weights must be made again");
        double d = t < 80 ? (1.0 + t) / (10.0 + t) : DECAY;
        for (int i = 0; i < SIZE; i++) {
          w[i] = d * w[i] + (1 - d) * stepW[i];
          s[i] = d * s[i] + (1 - d) * stepS[i];
        }
      }
      for (int i = 0; i < SIZE; i++) {
        assertEquals(w[i], average.average().get("w")[i], 1e-6);
        assertEquals(s[i], average.average().get("moving_mean")[i], 1e-6);
      }
    }
  }
}
