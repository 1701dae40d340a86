package dae.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.op.BatchNorm;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitTest {
  private static float[] glorot(long seed, int index) {
    return drawn(Init.glorotUniform(27, 288), seed, index);
  }

  private static float[] drawn(Init init, long seed, int index) {
    float[] values = new float[20_000];
    init.fill(values, seed, index);
    return values;
  }

  @Test
  void glorotIsUniformWithinItsLimit() {
    uniformWithin(Math.sqrt(6.0 / (27 + 288)), glorot(1, 0));
  }

  @Test
  void pyTorchsIsUniformWithinItsLimit() {
    uniformWithin(Math.sqrt(1.0 / 27), drawn(Init.fanInUniform(27, 288), 1, 0));
  }

  private static void uniformWithin(double limit, float[] values) {
    double sum = 0;
    double squares = 0;
    double most = 0;
    for (float value : values) {
      assertTrue(Math.abs(value) <= limit * 1.000001);
      most = Math.max(most, Math.abs(value));
      sum += value;
      squares += (double) value * value;
    }
    // Four standard errors of 20,000 draws.
    assertEquals(0, sum / 20_000, 4 * limit / Math.sqrt(3 * 20_000.0));
    assertEquals(limit * limit / 3, squares / 20_000, 0.03 * limit * limit / 3);
    assertTrue(most > 0.999 * limit);
  }

  @Test
  void seedsAndParametersDiffer() {
    assertArrayEquals(glorot(1, 0), glorot(1, 0));
    assertFalse(Arrays.equals(glorot(1, 0), glorot(2, 0)));
    assertFalse(Arrays.equals(glorot(1, 0), glorot(1, 1)));
    assertFalse(Arrays.equals(glorot(1, 0), glorot(1L << 32 | 1, 0)));
  }

  @Test
  void aTenthOfTheSameDraws() {
    float[] whole = glorot(3, 2);
    float[] tenth = drawn(Init.glorotUniform(27, 288).times(0.1f), 3, 2);
    for (int i = 0; i < whole.length; i++) {
      assertEquals(0.1f * whole[i], tenth[i]);
    }
  }

  /// How many inputs an output sums over, and how many outputs an input reaches.
  @Test
  void layersTellTheirFans() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.image(8, 8, 5));
    List<String> fans = new ArrayList<>();
    Init.OfFans init =
        (in, out) -> {
          fans.add(in + " " + out);
          return Init.ones();
        };
    Value y = Conv2d.conv2d("conv", x, 7, 3, 2, init, Init.zeros());
    Value z = ConvTranspose2d.convTranspose2d("deconv", y, 11, 6, 2, init, Init.zeros());
    ConvTranspose2d.convTranspose2d("odd", z, 2, 3, 2, init, Init.zeros());
    assertEquals(List.of(9 * 5 + " " + 9 * 7, 9 * 7 + " " + 36 * 11, 3 * 11 + " " + 9 * 2), fans);
    try (Backend backend = TestBackends.scalar().open()) {
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      float[] ones = new float[9 * 5 * 7];
      Arrays.fill(ones, 1);
      assertArrayEquals(ones, parameters.get("conv/kernel"));
      assertArrayEquals(new float[7], parameters.get("conv/bias"));
      assertArrayEquals(new float[11], parameters.get("deconv/bias"));
    }
  }

  @Test
  void layersStartAsInKeras() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.image(8, 8, 5));
    Value y = BatchNorm.batchNorm("bn", Conv2d.conv2d("conv", x, 7, 3, 2));
    ConvTranspose2d.convTranspose2d("deconv", y, 11, 3, 2);
    try (Backend backend = TestBackends.scalar().open()) {
      Parameters parameters = new Parameters(graph.params(), backend, 1);
      assertEquals(Math.sqrt(6.0 / (9 * 5 + 9 * 7)), most(parameters.get("conv/kernel")), 0.01);
      assertEquals(Math.sqrt(6.0 / (9 * 7 + 9 * 11)), most(parameters.get("deconv/kernel")), 0.01);
      assertArrayEquals(new float[7], parameters.get("conv/bias"));
      assertArrayEquals(new float[11], parameters.get("deconv/bias"));
      float[] ones = new float[7];
      Arrays.fill(ones, 1);
      assertArrayEquals(ones, parameters.get("bn/gamma"));
      assertArrayEquals(new float[7], parameters.get("bn/beta"));
      assertArrayEquals(new float[7], parameters.get("bn/moving_mean"));
      assertArrayEquals(ones, parameters.get("bn/moving_variance"));
    }
  }

  private static double most(float[] values) {
    double most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }
}
