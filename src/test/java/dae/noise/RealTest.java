package dae.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Canvas;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// On grey canvases, where whatever is added is noise.
class RealTest {
  private static final int SIDE = 32;
  private static final int CANVASES = 400;

  private static float[] noise(int image) {
    Canvas canvas = new Canvas(SIDE, SIDE);
    Arrays.fill(canvas.rgb(), 0.5f);
    Noises.named("real").paintAll(canvas, 3, 0, image);
    float[] noise = canvas.rgb().clone();
    for (int i = 0; i < noise.length; i++) {
      noise[i] -= 0.5f;
    }
    return noise;
  }

  private static double correlation(float[] noise, int step) {
    double product = 0;
    double square = 0;
    for (int i = 0; i + step < noise.length; i++) {
      product += noise[i] * noise[i + step];
      square += noise[i] * noise[i];
    }
    return product / square;
  }

  @Test
  void someStayCleanAndSomeGetSoftNoise() {
    int clean = 0;
    int soft = 0;
    int hard = 0;
    for (int image = 0; image < CANVASES; image++) {
      float[] noise = noise(image);
      double square = 0;
      for (float value : noise) {
        square += value * value;
      }
      if (square / noise.length < 1e-9) {
        clean++;
      } else if (Math.min(correlation(noise, 3), correlation(noise, 3 * SIDE)) > 0.5) {
        soft++;
      } else {
        hard++;
      }
    }
    assertEquals(0.1, clean / (double) CANVASES, 0.05);
    // Cameras' with a mosaic, and three of ten of the white ones.
    assertEquals(0.5, soft / (double) CANVASES, 0.15);
    assertTrue(hard > 0.25 * CANVASES, hard + " hard");
  }

  /// σ is 75/255·u^1.5, however soft: the mean of its square is a quarter of the greatest.
  @Test
  void softNoiseIsAsStrong() {
    double[] squares = new double[2];
    int[] counts = new int[2];
    for (int image = 0; image < CANVASES; image++) {
      float[] noise = noise(image);
      double square = 0;
      for (float value : noise) {
        square += value * value;
      }
      square /= noise.length;
      // Camera noise is never this strong.
      if (square > 0.01) {
        int kind = correlation(noise, 3 * SIDE) > 0.5 ? 1 : 0;
        squares[kind] += Math.sqrt(square);
        counts[kind]++;
      }
    }
    assertTrue(counts[0] > 20 && counts[1] > 10, Arrays.toString(counts));
    double ratio = squares[1] / counts[1] / (squares[0] / counts[0]);
    assertEquals(1, ratio, 0.15);
  }
}
