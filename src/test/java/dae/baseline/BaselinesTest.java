package dae.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final int H = 16;
  private static final int W = 12;

  /// Discs and gradients, so that there are edges and flat parts.
  private static float[] scene(int seed, int height, int width) {
    Random random = new Random(seed);
    float[] image = new float[height * width * 3];
    double[] disc = random.doubles(12).toArray();
    for (int i = 0; i < height * width; i++) {
      double y = i / width / (double) height;
      double x = i % width / (double) width;
      boolean first = Math.hypot(y - disc[0], x - disc[1]) < 0.3;
      boolean second = Math.hypot(y - disc[2], x - disc[3]) < 0.25;
      for (int c = 0; c < 3; c++) {
        image[i * 3 + c] = (float) (second ? disc[4 + c] : first ? disc[7 + c] : 0.2 + 0.4 * x);
      }
    }
    return image;
  }

  private static float[] noisy(float[] clean, int seed) {
    Random random = new Random(seed);
    float[] noisy = clean.clone();
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] += (float) (0.1 * random.nextGaussian());
    }
    return noisy;
  }

  private static float[] clean(Baseline baseline, float[] noisy, int height, int width) {
    float[] clean = new float[noisy.length];
    float[] before = noisy.clone();
    baseline.clean(noisy, height, width, clean);
    assertArrayEquals(before, noisy, "the input is left as it is");
    return clean;
  }

  private static Examples scenes(int count) {
    return new Examples(count, H, W, i -> scene(i, H, W));
  }

  private static double error(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (double) (a[i] - b[i]);
    }
    return sum / a.length;
  }

  /// The value of a pixel, mirrored over the borders: 1 0 | 0 1 2 … n−1 | n−1 n−2.
  private static double at(float[] image, int y, int x, int c) {
    int row = y < 0 ? -1 - y : y >= H ? 2 * H - 1 - y : y;
    int column = x < 0 ? -1 - x : x >= W ? 2 * W - 1 - x : x;
    return image[(row * W + column) * 3 + c];
  }

  @Test
  void gaussianBlurIsItsFormula() {
    float[] noisy = noisy(scene(1, H, W), 1);
    float[] blurred = clean(new GaussianBlur(0.7), noisy, H, W);
    int[][] places = {{0, 0}, {5, 7}, {H - 1, W - 1}};
    for (int[] p : places) {
      double sum = 0;
      double weights = 0;
      for (int dy = -3; dy <= 3; dy++) {
        for (int dx = -3; dx <= 3; dx++) {
          double g = Math.exp(-(dy * dy + dx * dx) / (2 * 0.49));
          sum += g * at(noisy, p[0] + dy, p[1] + dx, 1);
          weights += g;
        }
      }
      assertEquals(sum / weights, blurred[(p[0] * W + p[1]) * 3 + 1], 1e-6);
    }
  }

  @Test
  void medianIsTheMiddleOne() {
    float[] noisy = noisy(scene(2, H, W), 2);
    double[] window = new double[9];
    for (int k = 0; k < 9; k++) {
      window[k] = at(noisy, k / 3 - 1, 4 + k % 3 - 1, 2);
    }
    Arrays.sort(window);
    assertEquals(window[4], clean(new MedianFilter(3), noisy, H, W)[4 * 3 + 2]);
  }

  @Test
  void bilateralIsItsFormula() {
    float[] noisy = noisy(scene(3, H, W), 3);
    double sum = 0;
    double weights = 0;
    for (int dy = -2; dy <= 2; dy++) {
      for (int dx = -2; dx <= 2; dx++) {
        double distance = 0;
        for (int c = 0; c < 3; c++) {
          distance += Math.pow(at(noisy, 7 + dy, dx, c) - at(noisy, 7, 0, c), 2);
        }
        double w = Math.exp(-(dy * dy + dx * dx) / 2.0) * Math.exp(-distance / (2 * 0.09));
        sum += w * at(noisy, 7 + dy, dx, 0);
        weights += w;
      }
    }
    assertEquals(sum / weights, clean(new BilateralFilter(0.3, 1), noisy, H, W)[7 * W * 3], 1e-6);
  }

  @Test
  void nonLocalMeansIsItsFormula() {
    float[] noisy = noisy(scene(4, H, W), 4);
    double sum = 0;
    double weights = 0;
    for (int dy = -4; dy <= 4; dy++) {
      for (int dx = -4; dx <= 4; dx++) {
        double distance = 0;
        for (int k = 0; k < 27; k++) {
          int y = 6 + k / 9 - 1;
          int x = 5 + k / 3 % 3 - 1;
          distance += Math.pow(at(noisy, y + dy, x + dx, k % 3) - at(noisy, y, x, k % 3), 2) / 27;
        }
        double w = Math.exp(-distance / (0.06 * 0.06));
        sum += w * at(noisy, 6 + dy, 5 + dx, 2);
        weights += w;
      }
    }
    float[] cleaned = clean(new NonLocalMeans(0.06), noisy, H, W);
    assertEquals(sum / weights, cleaned[(6 * W + 5) * 3 + 2], 1e-6);
  }

  @Test
  void waveletsLoseNothingButWhatIsBelowTheThreshold() {
    float[] noisy = noisy(scene(5, H, W), 5);
    assertArrayEquals(noisy, clean(new HaarShrinkage(1e-9), noisy, H, W), 1e-6f);
    // All noise: nothing but the mean of the blocks that cannot be halved any more is left.
    float[] flat = clean(new HaarShrinkage(10), noisy, H, W);
    double mean = 0;
    for (int k = 0; k < 16; k++) {
      mean += noisy[(k / 4 * W + k % 4) * 3] / 16;
    }
    assertEquals(mean, flat[0], 1e-6);
    assertEquals(mean, flat[(3 * W + 3) * 3], 1e-6);
  }

  @Test
  void withoutThresholdAllComponentsArePatch() {
    float[] noisy = noisy(scene(6, H, W), 6);
    PatchPca.Basis basis = PatchPca.Basis.of(scenes(60), 4);
    assertArrayEquals(noisy, clean(new PatchPca(4, 0, basis), noisy, H, W), 1e-5f);
  }

  /// What is projected once stays: and images of a set of few are all in its span.
  @Test
  void imagesOfTheSpanComeBack() {
    Baseline pca = ImagePca.candidates(scenes(30)).getFirst();
    for (int i = 0; i < 30; i++) {
      float[] image = scene(i, H, W);
      assertArrayEquals(image, clean(pca, image, H, W), 1e-4f);
    }
    float[] once = clean(pca, noisy(scene(99, H, W), 9), H, W);
    assertArrayEquals(once, clean(pca, once, H, W), 1e-4f);
  }

  @Test
  void eachTakesNoiseAway() {
    float[] clean = new float[8 * H * W * 3];
    for (int i = 0; i < 8; i++) {
      System.arraycopy(scene(1_000 + i, H, W), 0, clean, i * H * W * 3, H * W * 3);
    }
    float[] noisy = noisy(clean, 7);
    List<Baseline> tuned = Baselines.tuned(scenes(400), clean, noisy);
    float[] unseen = scene(2_000, H, W);
    float[] worse = noisy(unseen, 8);
    assertEquals(7, tuned.size());
    // Not the last: discs at all places are no linear family.
    for (Baseline baseline : tuned.subList(0, 6)) {
      double left = error(unseen, clean(baseline, worse, H, W)) / error(unseen, worse);
      assertTrue(left < 0.75, baseline.word() + " leaves " + left);
    }
  }
}
