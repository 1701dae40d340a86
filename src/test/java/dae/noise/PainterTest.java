package dae.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Canvas;
import dae.random.Draws;
import dae.random.Key;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a camera and JPEG do to pictures.
class PainterTest {
  private static Canvas grey(int height, int width, float value) {
    Canvas canvas = new Canvas(height, width);
    Arrays.fill(canvas.rgb(), value);
    return canvas;
  }

  private static Draws draws(int image) {
    return new Draws(5, 9, image, 0);
  }

  private static double deviation(float[] values, int channel) {
    double sum = 0;
    double squares = 0;
    int count = values.length / 3;
    for (int i = channel; i < values.length; i += 3) {
      sum += values[i];
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares / count - sum / count * sum / count);
  }

  @Test
  void theToneCurveAndItsInverse() {
    for (float value = 0; value <= 1; value += 1 / 1024f) {
      assertEquals(value, ToneCurve.curve(ToneCurve.linear(value)), 1e-5, "at " + value);
      double light = value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
      assertEquals(light, ToneCurve.linear(value), 1e-6, "at " + value);
    }
    assertEquals(0, ToneCurve.curve(-1f));
    assertEquals(1, ToneCurve.curve(2f), 1e-6);
  }

  /// Through the curve, whose slope at 0.5 is known, green noise is √(a·x + b) times that: from a
  /// mosaic and not, the pixels that see green have it all.
  @Test
  void aCamerasNoiseHasTheSizeOfTheFormula() {
    double a = 1e-4;
    double light = Math.pow((0.5 + 0.055) / 1.055, 2.4);
    double slope = 1.055 / 2.4 * Math.pow(light, 1 / 2.4 - 1);
    Camera camera = new Camera(new Range(a, a));
    double squares = 0;
    double expected = 0;
    for (int image = 0; image < 40; image++) {
      Canvas canvas = grey(64, 64, 0.5f);
      camera.paint(canvas, draws(image));
      // The same draws again, up to the read noise.
      Draws again = draws(image);
      again.uniform();
      double b = Math.exp(2.18 * Math.log(a) + 1.2 + 0.26 * again.normal());
      expected += (a * light + b) * slope * slope;
      double sum = 0;
      for (int row = 0; row < 64; row++) {
        for (int column = 1 - row % 2; column < 64; column += 2) {
          double off = canvas.rgb()[(row * 64 + column) * 3 + 1] - 0.5;
          sum += off * off;
        }
      }
      squares += sum / 2048;
    }
    assertEquals(1, squares / expected, 0.03);
  }

  @Test
  void aMosaicMakesGrainsOfNeighbours() {
    Canvas canvas = grey(128, 128, 0.5f);
    boolean mosaic = false;
    for (int image = 0; !mosaic; image++) {
      canvas = grey(128, 128, 0.5f);
      new Camera(new Range(1e-3, 1e-3)).paint(canvas, draws(image));
      double neighbours = 0;
      double all = 0;
      for (int i = 0; i + 3 < canvas.rgb().length; i += 3) {
        double red = canvas.rgb()[i] - 0.5;
        neighbours += red * (canvas.rgb()[i + 3] - 0.5);
        all += red * red;
      }
      mosaic = neighbours / all > 0.3;
      assertTrue(image < 20, "no image from a mosaic");
    }
    assertTrue(deviation(canvas.rgb(), 0) > 0.005);
  }

  @Test
  void darknessStaysDark() {
    for (int image = 0; image < 20; image++) {
      Canvas canvas = grey(32, 32, 0);
      new Camera(new Range(1e-6, 1e-6)).paint(canvas, draws(image));
      for (float value : canvas.rgb()) {
        assertTrue(value >= 0 && value < 0.02, "" + value);
      }
    }
  }

  /// A worse quality is farther away, and the best hardly changes anything.
  @Test
  void jpegLosesMoreTheLowerItsQuality() {
    double last = 0;
    for (int quality : new int[] {100, 90, 60, 30, 5}) {
      Canvas canvas = waves();
      float[] before = canvas.rgb().clone();
      new Jpeg(new Range(quality, quality)).paint(canvas, draws(0));
      double error = 0;
      for (int i = 0; i < before.length; i++) {
        error += Math.pow(before[i] - canvas.rgb()[i], 2) / before.length;
      }
      assertTrue(error > last, quality + ": " + error);
      assertTrue(quality < 100 || error < 1e-4, quality + ": " + error);
      last = error;
    }
  }

  private static Canvas waves() {
    Canvas canvas = new Canvas(40, 56);
    for (int i = 0; i < canvas.rgb().length; i++) {
      int pixel = i / 3;
      canvas.rgb()[i] = (float) (0.5 + 0.3 * Math.sin(pixel % 56 * 0.9 + pixel / 56 * 0.4));
    }
    return canvas;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 300", "32, 32", "64, 63"})
  void theSameDrawsTheSameBitsAtAnySize(int height, int width) {
    for (Painter painter : new Painter[] {new Camera("1e-6-3e-3"), new Jpeg("30-95"), new Real()}) {
      boolean changed = false;
      for (int image = 0; image < 20; image++) {
        Canvas first = grey(height, width, 0.4f);
        Canvas second = grey(height, width, 0.4f);
        painter.paint(first, draws(image));
        painter.paint(second, draws(image));
        assertArrayEquals(first.rgb(), second.rgb());
        changed |= !Arrays.equals(first.rgb(), grey(height, width, 0.4f).rgb());
      }
      assertTrue(changed, painter.word());
    }
  }

  @Test
  void oneOfTenPicturesStaysAsItIs() {
    int same = 0;
    for (int image = 0; image < 400; image++) {
      // Between two bytes, so that JPEG cannot leave it alone.
      Canvas canvas = grey(8, 8, 0.401f);
      new Real().paint(canvas, draws(image));
      same += Arrays.equals(canvas.rgb(), grey(8, 8, 0.401f).rgb()) ? 1 : 0;
    }
    assertEquals(40, same, 25);
  }

  @Test
  void wordsAreWhatTheyWereMadeOf() {
    assertEquals("camera:1e-6-0.003", new Camera("1e-6-3e-3").word());
    assertEquals("jpeg:30-95", new Jpeg("30-95").word());
    assertEquals("jpeg:80", new Jpeg("80").word());
    assertEquals("camera:1e-6-0.003", new Camera("1E-6-0.003").word());
  }

  /// What is painted and what the kernels draw follow from the same key, whichever does it: a chain
  /// painted whole is the chain painted as far as it must be, then drawn.
  @Test
  void aChainIsPaintedUpToItsLastPainter() {
    Noise noise = Noises.named("gaussian:0.1+jpeg:50+poisson:200+salt-pepper:0.1");
    Canvas whole = waves();
    noise.paintAll(whole, 3, 2, 9);
    Canvas painted = waves();
    noise.paint(painted, 3, 2, 9);
    for (String later : new String[] {"poisson:200", "salt-pepper:0.1"}) {
      int step = later.startsWith("p") ? 2 : 3;
      ((Pixelwise) Noises.kind(later)).paint(painted.rgb(), Key.of(3, 2, 9, step));
    }
    assertArrayEquals(whole.rgb(), painted.rgb());
    Canvas other = waves();
    noise.paintAll(other, 3, 3, 9);
    assertFalse(Arrays.equals(whole.rgb(), other.rgb()));
  }
}
