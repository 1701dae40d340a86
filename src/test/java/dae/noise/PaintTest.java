package dae.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Graph;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.PixelNoise;
import dae.kernel.TestBackends;
import dae.op.Fusion;
import dae.random.Key;
import dae.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Noise in a plan, against noise painted on single images.
class PaintTest {
  private static final long SEED = 1L << 35 | 3;
  private static final int EPOCH = 4;
  private static final int N = 3;
  private static final int[] IMAGES = {7, 0, 49_999};
  private static final Shape SHAPE = Shape.image(9, 5, 3);

  /// What a value of a graph over `clean` is for n images.
  private static float[] run(
      Shape shape, int[] images, float[] clean, Function<Value, Value> recorded) {
    Graph graph = new Graph();
    Value x = graph.input("clean", shape);
    Value y = recorded.apply(x);
    float[] values = new float[images.length * y.shape().size()];
    try (Backend backend = TestBackends.simd(2).open();
        Plan plan =
            new PlanDraft(graph, List.of(x, y), Fusion.INFERENCE, backend, images.length)
                .open(new Parameters(graph.params(), backend, 1))) {
      plan.upload(x, clean, images.length);
      plan.key(SEED, EPOCH, images);
      plan.forward(images.length);
      plan.download(y, values, 0);
    }
    return values;
  }

  private static float[] clean() {
    Random random = new Random(3);
    float[] clean = new float[N * SHAPE.size()];
    for (int i = 0; i < clean.length; i++) {
      clean[i] = random.nextFloat();
    }
    return clean;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gaussian:0.1", "gaussian:0-0.3", "poisson:12", "poisson:1000", "salt-pepper:0.3"})
  void paintingGivesThePlansBits(String word) {
    Pixelwise noise = (Pixelwise) Noises.kind(word);
    for (int step : new int[] {0, 2}) {
      float[] clean = clean();
      float[] expected = run(SHAPE, IMAGES, clean, x -> noise.on(x, step));
      for (int i = 0; i < N; i++) {
        float[] image = Arrays.copyOfRange(clean, i * SHAPE.size(), (i + 1) * SHAPE.size());
        noise.paint(image, Key.of(SEED, EPOCH, IMAGES[i], step));
        assertArrayEquals(
            Arrays.copyOfRange(expected, i * SHAPE.size(), (i + 1) * SHAPE.size()), image);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gaussian:0.1", "gaussian:0-0.3"})
  void theLevelIsThatOfTheImagesNoise(String word) {
    Pixelwise noise = (Pixelwise) Noises.kind(word);
    float[] clean = clean();
    float[] noisy = run(SHAPE, IMAGES, clean, x -> noise.on(x, 1));
    float[] levels = run(SHAPE, IMAGES, clean, x -> noise.level(x, 1));
    for (int i = 0; i < N; i++) {
      float sigma = levels[i * SHAPE.pixels()];
      for (int pixel = 0; pixel < SHAPE.pixels(); pixel++) {
        assertEquals(sigma, levels[i * SHAPE.pixels() + pixel]);
      }
      float[] image = Arrays.copyOfRange(clean, i * SHAPE.size(), (i + 1) * SHAPE.size());
      PixelNoise.gaussian(image, image.length, Key.of(SEED, EPOCH, IMAGES[i], 1), 0, sigma);
      assertArrayEquals(Arrays.copyOfRange(noisy, i * SHAPE.size(), (i + 1) * SHAPE.size()), image);
    }
  }

  /// Kolmogorov and Smirnov's test: the largest distance from the distribution function, times the
  /// root of the number, is above 2.2 in one case of 8,000.
  @Test
  void levelsAreUniform() {
    int n = 5000;
    int[] images = new int[n];
    Arrays.setAll(images, i -> i);
    float[] levels =
        run(
            Shape.image(1, 1, 3),
            images,
            new float[3 * n],
            Noises.named("gaussian:0.1-0.3")::level);
    Arrays.sort(levels);
    double worst = 0;
    for (int i = 0; i < n; i++) {
      double place = (levels[i] - 0.1) / 0.2;
      assertTrue(place >= 0 && place <= 1, "got " + levels[i]);
      worst = Math.max(worst, Math.abs(place - (i + 0.5) / n));
    }
    assertTrue(worst * Math.sqrt(n) < 2.2, "off by " + worst);
  }

  @Test
  void aLevelDependsOnTheWholeKey() {
    float[] levels = {
      Key.of(1, 0, 0, 0).level(0, 0, 1),
      Key.of(2, 0, 0, 0).level(0, 0, 1),
      Key.of(1L << 32 | 1, 0, 0, 0).level(0, 0, 1),
      Key.of(1, 1, 0, 0).level(0, 0, 1),
      Key.of(1, 0, 1, 0).level(0, 0, 1),
      Key.of(1, 0, 0, 1).level(0, 0, 1)
    };
    assertEquals(levels.length, Arrays.stream(toDoubles(levels)).distinct().count());
  }

  private static double[] toDoubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
