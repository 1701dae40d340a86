package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Picture;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.Checkpoint;
import dae.random.Draws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What a picture is not: colours under transparency, and colours of a grey one.
class HiddenTest {
  /// A square of noise in the middle of transparent pixels of a colour.
  private static Picture cutout(float hidden, boolean grey) {
    int side = 48;
    float[] rgb = new float[side * side * 3];
    byte[] alpha = new byte[side * side];
    Draws draws = new Draws(5, 0, 0, 0);
    for (int pixel = 0; pixel < alpha.length; pixel++) {
      int y = pixel / side;
      int x = pixel % side;
      boolean seen = y >= 12 && y < 36 && x >= 12 && x < 36;
      alpha[pixel] = (byte) (seen ? 255 : 0);
      float value = 0.5f + 0.2f * draws.uniform();
      for (int c = 0; c < 3; c++) {
        float own = grey ? value : 0.5f + 0.2f * draws.uniform();
        rgb[3 * pixel + c] = seen ? own : hidden * (c + 1) / 3;
      }
    }
    return new Picture(side, side, rgb, alpha);
  }

  private static Picture clean(Picture picture) {
    try (Backend backend = TestBackends.simd(1).open();
        Denoiser denoiser = Denoiser.open(Checkpoint.builtIn(), backend)) {
      return denoiser.clean(picture);
    }
  }

  @Test
  void whatIsHiddenDoesNotShineThroughAndComesBack() {
    Picture black = clean(cutout(0, false));
    Picture white = clean(cutout(1, false));
    for (int pixel = 0; pixel < black.alpha().length; pixel++) {
      int at = 3 * pixel;
      float[] a = Arrays.copyOfRange(black.rgb(), at, at + 3);
      float[] b = Arrays.copyOfRange(white.rgb(), at, at + 3);
      if (black.alpha()[pixel] == 0) {
        assertArrayEquals(new float[3], a);
        assertArrayEquals(new float[] {1 / 3f, 2 / 3f, 1}, b, 1e-7f);
      } else {
        assertArrayEquals(a, b);
        assertEquals(0.6f, a[0], 0.15f);
      }
    }
  }

  @Test
  void colourlessIsWhatIsSeen() {
    Picture grey = clean(cutout(1, true));
    Picture colours = clean(cutout(1, false));
    int coloured = 0;
    for (int pixel = 0; pixel < grey.alpha().length; pixel++) {
      if (grey.alpha()[pixel] != 0) {
        assertEquals(grey.rgb()[3 * pixel], grey.rgb()[3 * pixel + 1]);
        assertEquals(grey.rgb()[3 * pixel], grey.rgb()[3 * pixel + 2]);
        coloured += colours.rgb()[3 * pixel] != colours.rgb()[3 * pixel + 1] ? 1 : 0;
      }
    }
    assertTrue(coloured > 500, "" + coloured);
  }

  private static float[] seen(Picture picture) {
    float[] values = new float[picture.colors().length()];
    Seen.of(picture).read(0, values.length / 3, values);
    return values;
  }

  @Test
  void fillingTakesTheNearestMeans() {
    byte[] alpha = {(byte) 255, 0, 0, 0, 0, 0, 0, (byte) 1};
    float[] rgb = new float[24];
    rgb[0] = 0.25f;
    rgb[21] = 0.75f;
    rgb[9] = 1;
    float[] filled = seen(new Picture(1, 8, rgb, alpha));
    float[] red = new float[8];
    for (int i = 0; i < red.length; i++) {
      red[i] = filled[3 * i];
    }
    float[] expected = {0.25f, 0.25f, 0.25f, 0.25f, 0.75f, 0.75f, 0.75f, 0.75f};
    assertArrayEquals(expected, red);
    Picture nothing = new Picture(1, 8, rgb, new byte[8]);
    assertArrayEquals(new float[24], seen(nothing));
    Picture whole = new Picture(1, 8, rgb, null);
    assertNull(Seen.of(whole).half());
    assertNotEquals(0, rgb[9], "the picture itself stays");
  }

  @Test
  void strengthScalesBrightnessAndColoursApart() {
    float[] in = {0.5f, 0.5f, 0.5f};
    float[] out = {0.6f, 0.45f, 0.3f};
    double y = 0.299 * 0.1 + 0.587 * -0.05 + 0.114 * -0.2;
    float[] luma = applied(new Strength(1, 1, 0), in, out);
    for (float value : luma) {
      assertEquals(0.5 + y, value, 1e-6);
    }
    float[] chroma = applied(new Strength(1, 0, 1), in, out);
    assertEquals(0.5, 0.299 * chroma[0] + 0.587 * chroma[1] + 0.114 * chroma[2], 1e-6);
    assertEquals(0.6 - y, chroma[0], 1e-6);
    float[] half = applied(new Strength(0.5, 1, 1), in, out);
    assertArrayEquals(new float[] {0.55f, 0.475f, 0.4f}, half, 1e-6f);
    assertArrayEquals(in, applied(new Strength(0, 1, 1), in, out));
  }

  /// From the second pixel of an array on.
  private static float[] applied(Strength strength, float[] in, float[] out) {
    float[] values = new float[6];
    System.arraycopy(out, 0, values, 3, 3);
    strength.apply(in, values, 3, 1);
    assertArrayEquals(new float[3], Arrays.copyOf(values, 3));
    return Arrays.copyOfRange(values, 3, 6);
  }
}
