package dae.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Canvas;
import dae.random.Draws;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrushTest {
  private final Canvas canvas = new Canvas(100, 120);
  private final Brush brush = new Brush(canvas);

  private double covered() {
    double sum = 0;
    for (float cover : canvas.cover()) {
      sum += cover;
    }
    return sum;
  }

  /// From the canvas' own side to that of a scan, evenly in its logarithm.
  @ParameterizedTest
  @CsvSource({
    "64, 64, 64, 768",
    "96, 150, 120, 768",
    "768, 768, 768, 768",
    "1536, 1536, 1536, 1536",
    "600, 1536, 960, 960"
  })
  void aCanvasIsCutOutOfAPicture(int height, int width, float least, float most) {
    Brush some = new Brush(new Canvas(height, width));
    int count = 1_000;
    float smallest = Float.MAX_VALUE;
    float largest = 0;
    double sum = 0;
    for (int item = 0; item < count; item++) {
      float side = some.pictureSide(new Draws(1, 99, item, 0));
      smallest = Math.min(smallest, side);
      largest = Math.max(largest, side);
      sum += Math.log(side);
    }
    assertTrue(smallest > 0.9999f * least && smallest < 1.01f * least, "smallest " + smallest);
    assertTrue(largest > 0.99f * most && largest < 1.0001f * most, "largest " + largest);
    assertEquals(Math.log(least * most) / 2, sum / count, 0.1);
  }

  /// A line with round ends, length 75.
  @ParameterizedTest
  @CsvSource({"0.5, 1, 1", "1, 1, 1", "3, 1, 0.5", "12, 1, 1", "12, 4, 0.3"})
  void aLineCoversItsArea(float width, float soft, float opacity) {
    brush.soften(soft);
    brush.move(20.3f, 15.6f, width, opacity);
    brush.line(65.3f, 75.6f, width, opacity);
    brush.blend(1, 1, 1);
    double area = opacity * (75 * width + Math.PI * width * width / 4);
    assertEquals(area, covered(), 0.025 * area);
  }

  @Test
  void widthAndOpacityChangeEvenly() {
    brush.move(20, 50, 2, 0.2f);
    brush.line(100, 50, 10, 1);
    brush.multiply(0, 0, 0);
    assertEquals(0.2f + 0.8f * 0.25f, canvas.cover()[50 * 120 + 40], 0.01);
    assertEquals(0, canvas.cover()[44 * 120 + 40]);
    assertTrue(canvas.cover()[46 * 120 + 95] > 0.9);
  }

  @Test
  void aStrokeThatCrossesItselfIsNoDarker() {
    brush.move(10, 10, 5, 0.5f);
    brush.line(90, 90, 5, 0.5f);
    brush.line(10, 10, 5, 0.5f);
    brush.blend(1, 1, 1);
    float[] twice = canvas.cover().clone();
    Canvas other = new Canvas(100, 120);
    Brush once = new Brush(other);
    once.move(10, 10, 5, 0.5f);
    once.line(90, 90, 5, 0.5f);
    once.blend(1, 1, 1);
    assertArrayEquals(other.cover(), twice, 1e-4f);
    assertEquals(0.5f, twice[50 * 120 + 50], 1e-6);
  }

  @Test
  void aNewStrokeKnowsNothingOfTheLast() {
    brush.move(10, 10, 5, 1);
    brush.line(90, 90, 5, 1);
    brush.blend(1, 1, 1);
    float[] before = canvas.cover().clone();
    brush.blend(0, 0, 0);
    assertArrayEquals(before, canvas.cover(), 0);
    assertEquals(1, canvas.rgb()[3 * (50 * 120 + 50)]);
  }

  /// Its length is known: a symmetric parabola with control points (0, 0), (a, b), (2a, 0).
  @Test
  void aCurveCoversItsArea() {
    brush.move(20, 20, 2, 1);
    brush.curve(60, 100, 100, 20, 2, 1);
    brush.blend(1, 1, 1);
    double slope = 2;
    double root = Math.sqrt(1 + slope * slope);
    double length = 40 * (root + Math.log(slope + root) / slope);
    double area = 2 * length + Math.PI;
    assertEquals(area, covered(), 0.02 * area);
  }

  @Test
  void aBlobCoversItsArea() {
    brush.blob(60.2f, 50.7f, 20, new Brush.Border(new float[0], new float[0]), 0.5f);
    brush.blend(1, 1, 1);
    assertEquals(0.5 * Math.PI * 400, covered(), 5);
  }

  @Test
  void aBorderIsItsSeries() {
    Brush.Border border = Brush.Border.of(1, new Draws(1, 99, 2, 3));
    assertTrue(border.cos().length >= 3 && border.cos().length <= 6);
    for (double angle = 0; angle < 6.3; angle += 0.1) {
      double r = 1;
      for (int i = 0; i < border.cos().length; i++) {
        r += border.cos()[i] * Math.cos((i + 2) * angle);
        r += border.sin()[i] * Math.sin((i + 2) * angle);
      }
      float at = border.at((float) Math.cos(angle), (float) Math.sin(angle));
      assertEquals(Math.max(0.2, r), at, 1e-5);
      assertTrue(at <= border.largest());
    }
  }
}
