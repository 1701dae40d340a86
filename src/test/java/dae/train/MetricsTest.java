package dae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.file.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void mseAndPsnrByHand() {
    // One pixel an image: squared differences 0.01 and 0.0001 in all channels.
    float[] clean = {0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.25f};
    float[] other = {0.6f, 0.4f, 0.6f, 0.26f, 0.24f, 0.26f};
    Metrics metrics = Metrics.of(1, 1);
    metrics.add(clean, 0, other, 0, 2);
    assertEquals(2, metrics.images());
    assertEquals(0.00505, metrics.mse(), 1e-8);
    assertEquals(30, metrics.meanPsnr(), 1e-4); // of 20 and 40 dB
    assertEquals(10 * Math.log10(1 / 0.00505), metrics.psnrOfMean(), 1e-4);
    assertThrows(IllegalStateException.class, metrics::ssim);
  }

  @Test
  void anExactMatchHasNoError() {
    Metrics metrics = Metrics.withSsim(11, 12);
    float[] image = random(11 * 12 * 3, 1);
    metrics.add(image, 0, image, 0, 1);
    assertEquals(0, metrics.mse());
    assertEquals(Double.POSITIVE_INFINITY, metrics.meanPsnr());
    assertEquals(1, metrics.ssim(), 1e-12);
  }

  /// The expected values come from NumPy: the 2-D window at once, variances about the window's
  // mean.
  @Test
  void agreesWithAnIndependentProgramOnTheGoldenBatch() throws IOException {
    Safetensors batches =
        Safetensors.read(Path.of("src/test/resources/golden/batches.safetensors"));
    float[] clean = batches.tensors().get("batch01/clean").data();
    float[] noisy = batches.tensors().get("batch01/noisy").data();
    Metrics metrics = Metrics.withSsim(32, 32);
    metrics.add(clean, 0, noisy, 0, 8);
    assertEquals(0.00894710258776734, metrics.mse(), 1e-15);
    assertEquals(20.484495965436082, metrics.meanPsnr(), 1e-12);
    assertEquals(20.4831758299359, metrics.psnrOfMean(), 1e-12);
    assertEquals(0.7536915790677838, metrics.ssim(), 1e-12);
  }

  @Test
  void theBatchSizeDoesNotChangeOneBit() {
    int length = 12 * 11 * 3;
    float[] clean = random(7 * length, 2);
    float[] other = random(7 * length, 3);
    Metrics whole = Metrics.withSsim(12, 11);
    whole.add(clean, 0, other, 0, 7);
    Metrics parts = Metrics.withSsim(12, 11);
    parts.add(clean, 0, other, 0, 3);
    parts.add(clean, 3 * length, Arrays.copyOfRange(other, 2 * length, 7 * length), length, 4);
    assertEquals(whole.mse(), parts.mse());
    assertEquals(whole.meanPsnr(), parts.meanPsnr());
    assertEquals(whole.ssim(), parts.ssim());
  }

  @Test
  void ssimOfEvenPicturesIsItsLuminanceTerm() {
    float[] a = new float[11 * 11 * 3];
    float[] b = new float[11 * 11 * 3];
    Arrays.fill(a, 0.25f);
    Arrays.fill(b, 0.75f);
    double expected = (2 * 0.25 * 0.75 + 1e-4) / (0.25 * 0.25 + 0.75 * 0.75 + 1e-4);
    assertEquals(expected, new Ssim(11, 11).of(a, 0, b, 0), 1e-10);
  }

  @Test
  void ssimTreatsHeightAndWidthAlike() {
    int h = 13;
    int w = 17;
    float[] x = random(h * w * 3, 4);
    float[] y = random(h * w * 3, 5);
    double upright = new Ssim(h, w).of(x, 0, y, 0);
    double turned = new Ssim(w, h).of(transposed(x, h, w), 0, transposed(y, h, w), 0);
    assertEquals(upright, turned, 1e-13);
  }

  @Test
  void ssimRefusesPicturesSmallerThanItsWindow() {
    assertThrows(IllegalArgumentException.class, () -> new Ssim(10, 32));
  }

  /// The definition, window by window with two-dimensional weights; wider and higher than what is
  /// summed together.
  @Test
  void ssimOfALargePictureIsTheMeanOfItsWindows() {
    int h = 80;
    int w = 150;
    float[] x = random(h * w * 3, 6);
    float[] y = random(h * w * 3, 7);
    double sum = 0;
    for (int row = 0; row <= h - 11; row++) {
      for (int column = 0; column <= w - 11; column++) {
        for (int c = 0; c < 3; c++) {
          sum += window(x, y, (row * w + column) * 3 + c, w);
        }
      }
    }
    assertEquals(sum / ((h - 10) * (w - 10) * 3), new Ssim(h, w).of(x, 0, y, 0), 1e-12);
  }

  private static double window(float[] x, float[] y, int topLeft, int width) {
    double total = 0;
    double[] m = new double[5];
    for (int k = 0; k < 121; k++) {
      double weight = Math.exp(-(Math.pow(k / 11 - 5, 2) + Math.pow(k % 11 - 5, 2)) / 4.5);
      double a = x[topLeft + (k / 11 * width + k % 11) * 3];
      double b = y[topLeft + (k / 11 * width + k % 11) * 3];
      double[] moments = {a, b, a * a, b * b, a * b};
      for (int i = 0; i < 5; i++) {
        m[i] += weight * moments[i];
      }
      total += weight;
    }
    for (int i = 0; i < 5; i++) {
      m[i] /= total;
    }
    return (2 * m[0] * m[1] + 1e-4)
        * (2 * (m[4] - m[0] * m[1]) + 9e-4)
        / ((m[0] * m[0] + m[1] * m[1] + 1e-4) * (m[2] - m[0] * m[0] + m[3] - m[1] * m[1] + 9e-4));
  }

  private static float[] transposed(float[] picture, int height, int width) {
    float[] transposed = new float[picture.length];
    for (int i = 0; i < picture.length; i++) {
      int pixel = i / 3;
      transposed[(pixel % width * height + pixel / width) * 3 + i % 3] = picture[i];
    }
    return transposed;
  }

  private static float[] random(int length, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
