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
      } else if (Math.min(correlation(noise, 3), correlation(noise, 3 * SIDE)) > 0.3) {
        soft++;
      } else {
        hard++;
      }
    }
    assertEquals(0.1, clean / (double) CANVASES, 0.05);
    // Cameras' with a mosaic, and soft noise.
    assertEquals(0.45, soft / (double) CANVASES, 0.12);
    assertTrue(hard > 0.3 * CANVASES, hard + " hard");
  }

  /// σ of white noise is 75/255·u^1.5, so every fifth is stronger than 0.21.
  @Test
  void someNoiseIsStrong() {
    int strong = 0;
    for (int image = 0; image < CANVASES; image++) {
      float[] noise = noise(image);
      double square = 0;
      for (float value : noise) {
        square += value * value / noise.length;
      }
      strong += square > 0.21 * 0.21 ? 1 : 0;
    }
    assertEquals(0.35 * 0.2, strong / (double) CANVASES, 0.04);
  }
}
