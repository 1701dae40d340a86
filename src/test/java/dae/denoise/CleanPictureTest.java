package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.image.Colors;
import dae.image.Picture;
import dae.random.Draws;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A picture of whole numbers gets what one of floats gets, rounded once at the end.
class CleanPictureTest {
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final int LENGTH = HEIGHT * WIDTH * 3;

  private static float[] random(int item) {
    Draws draws = new Draws(8, 0, item, 0);
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = 1.2f * draws.uniform() - 0.1f;
    }
    return values;
  }

  private static Picture noisy(Colors colors, byte[] alpha) {
    colors.write(random(0), 0, LENGTH, 0);
    return new Picture(HEIGHT, WIDTH, colors, alpha);
  }

  /// In runs of three pixels and what is left of a row.
  private static CleanPicture clean(Picture noisy, boolean grey, Strength strength) {
    Colors colors = noisy.colors().blank(LENGTH);
    CleanPicture clean = new CleanPicture(noisy, colors, grey, strength);
    for (int pixel = 0; pixel < HEIGHT * WIDTH; ) {
      int count = Math.min(3, WIDTH - pixel % WIDTH);
      clean.put(random(1), 3 * pixel, pixel, count);
      pixel += count;
    }
    return clean;
  }

  @Test
  void isRoundedOnce() {
    byte[] alpha = new byte[HEIGHT * WIDTH];
    alpha[3] = 1;
    alpha[20] = -1;
    for (Colors whole :
        List.of(new Colors.Bytes(new byte[LENGTH]), new Colors.Shorts(new short[LENGTH]))) {
      for (byte[] opacities : new byte[][] {null, alpha}) {
        for (Strength strength : List.of(Strength.FULL, new Strength(0.7, 1.2, 0.4))) {
          for (boolean grey : new boolean[] {false, true}) {
            Picture noisy = noisy(whole, opacities);
            Picture floats = new Picture(HEIGHT, WIDTH, noisy.rgb(), opacities);
            Colors expected = whole.blank(LENGTH);
            expected.write(clean(floats, grey, strength).picture().rgb(), 0, LENGTH, 0);
            CleanPicture clean = clean(noisy, grey, strength);
            assertArrayEquals(expected.floats(), clean.picture().rgb());
            assertEquals(opacities, clean.picture().alpha());
            assertEquals(clean(floats, grey, Strength.FULL).moved(2), clean.moved(2));
          }
        }
      }
    }
  }

  @Test
  void whatIsHiddenStaysAndTheRestMovesTheMean() {
    byte[] alpha = new byte[HEIGHT * WIDTH];
    alpha[9] = 1;
    Picture noisy = noisy(new Colors.Floats(new float[LENGTH]), alpha);
    CleanPicture clean = clean(noisy, false, new Strength(0.5, 1, 1));
    float[] expected = random(0);
    for (int i = 27; i < 30; i++) {
      float change = random(1)[i] - expected[i];
      assertEquals((double) change / (HEIGHT * WIDTH), clean.moved(i - 27), 1e-7);
      expected[i] += 0.5f * change;
    }
    assertArrayEquals(expected, clean.picture().rgb(), 1e-6f);
  }
}
