package dae.noise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Canvas;
import dae.random.Draws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// On grey canvases, where whatever is added is noise.
class SoftTest {
  private static final int SIDE = 64;
  private static final int CANVASES = 60;
  private static final float SIGMA = 0.02f;

  /// Brightness, blue and red of what was added.
  private static double[][] planes(int image) {
    Canvas canvas = new Canvas(SIDE, SIDE);
    Arrays.fill(canvas.rgb(), 0.5f);
    Noises.named("soft:" + SIGMA).paintAll(canvas, 3, 0, image);
    double[][] planes = new double[3][SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++) {
      double r = canvas.rgb()[3 * i] - 0.5;
      double g = canvas.rgb()[3 * i + 1] - 0.5;
      double b = canvas.rgb()[3 * i + 2] - 0.5;
      planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b;
      planes[1][i] = (b - planes[0][i]) / 1.772;
      planes[2][i] = (r - planes[0][i]) / 1.402;
    }
    return planes;
  }

  private static double product(double[] plane, int step) {
    double sum = 0;
    for (int i = 0; i + step < plane.length; i++) {
      sum += plane[i] * plane[i + step];
    }
    return sum / (plane.length - step);
  }

  @Test
  void isAsStrongAsItsWordSays() {
    double square = 0;
    double colours = 0;
    for (int image = 0; image < CANVASES; image++) {
      double[][] planes = planes(image);
      square += product(planes[0], 0) / CANVASES;
      colours += (product(planes[1], 0) + product(planes[2], 0)) / (2 * CANVASES);
    }
    assertEquals(SIGMA, Math.sqrt(square), 0.05 * SIGMA);
    // The mean of k² for k from 0.2 to 0.8 is 0.28.
    assertEquals(Math.sqrt(0.28) * SIGMA, Math.sqrt(colours), 0.1 * SIGMA);
  }

  @Test
  void brightnessIsSoftAndColourBlotchy() {
    for (int image = 0; image < CANVASES; image++) {
      double[][] planes = planes(image);
      for (int step : new int[] {1, SIDE}) {
        double light = product(planes[0], step) / product(planes[0], 0);
        double blue = product(planes[1], step) / product(planes[1], 0);
        double red = product(planes[2], step) / product(planes[2], 0);
        // A Gaussian of radius r correlates by exp(−d²/4r²): 0.2 to 0.84 and 0.78 to 0.99.
        assertTrue(light > 0.05 && light < 0.95, "brightness " + light);
        assertTrue(blue > 0.65 && red > 0.65, "colours " + blue + ", " + red);
        assertTrue(light < blue && light < red, light + " against " + blue + ", " + red);
      }
    }
  }

  /// What is smoothed around the ends has no weaker or stronger border.
  @Test
  void theBorderIsAsNoisyAsTheMiddle() {
    double[] border = new double[2];
    int[] count = new int[2];
    for (int image = 0; image < CANVASES; image++) {
      double[] light = planes(image)[0];
      for (int i = 0; i < light.length; i++) {
        int row = i / SIDE;
        int column = i % SIDE;
        int middle = Math.min(row, column) > 1 && Math.max(row, column) < SIDE - 2 ? 1 : 0;
        border[middle] += light[i] * light[i];
        count[middle]++;
      }
    }
    assertEquals(1, border[0] / count[0] / (border[1] / count[1]), 0.1);
  }

  @Test
  void rowsAndColumnsAreNotMixedUp() {
    Canvas wide = new Canvas(1, 300);
    Canvas again = new Canvas(1, 300);
    new Soft("0.1").paint(wide, new Draws(1, 2, 3, 4));
    new Soft("0.1").paint(again, new Draws(1, 2, 3, 4));
    assertTrue(Arrays.equals(wide.rgb(), again.rgb()));
    assertTrue(Arrays.stream(new int[] {0, 150, 299}).allMatch(i -> wide.rgb()[3 * i] != 0));
  }
}
