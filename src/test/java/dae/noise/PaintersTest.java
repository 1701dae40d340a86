package dae.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.image.Canvas;
import dae.random.Draws;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PaintersTest {
  private static final int SIDE = 64;
  private static final int DRAWS = 200;
  private static final float ROUNDING = 1e-5f;

  static List<Painter> all() {
    return List.of(
        new Stains(),
        new Marker(),
        new Scratches(),
        new Dust(),
        new Creases(),
        new Fade(),
        new OldPhoto());
  }

  static Stream<Painter> hiding() {
    return all().stream().filter(p -> !List.of(Fade.NAME, OldPhoto.NAME).contains(p.word()));
  }

  private static Painter named(String word) {
    return all().stream().filter(p -> p.word().equals(word)).findFirst().orElseThrow();
  }

  /// A picture with a slope of each colour, so that every kind has something to change.
  private static Canvas picture(int height, int width) {
    byte[] bytes = new byte[height * width * 3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (255L * (i / 3 * (i % 3 + 1) % (height * width)) / (height * width));
    }
    Canvas canvas = new Canvas(height, width);
    canvas.read(bytes, 0);
    return canvas;
  }

  private static Canvas painted(Painter painter, int height, int width, int item) {
    Canvas canvas = picture(height, width);
    painter.paint(canvas, draws(item));
    return canvas;
  }

  private static Draws draws(int item) {
    return new Draws(7, 99, item, 0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void bitsFollowFromTheDrawsAlone(Painter painter) {
    Canvas first = painted(painter, SIDE, SIDE, 3);
    for (int item = 4; item < DRAWS; item++) {
      Canvas other = painted(painter, SIDE, SIDE, item);
      boolean same = Arrays.equals(first.rgb(), other.rgb());
      assertTrue(!same || unchanged(other), painter.word() + " " + item);
    }
    Canvas again = painted(painter, SIDE, SIDE, 3);
    assertArrayEquals(first.rgb(), again.rgb(), 0);
    assertArrayEquals(first.cover(), again.cover(), 0);
  }

  private static boolean unchanged(Canvas canvas) {
    return Arrays.equals(canvas.rgb(), picture(canvas.height(), canvas.width()).rgb());
  }

  /// Of a value from 0 to 1, paint of opacity α moves at most α, whatever its colour.
  @ParameterizedTest
  @MethodSource("hiding")
  void nothingChangesMoreThanItIsCovered(Painter painter) {
    float[] before = picture(SIDE, SIDE).rgb();
    for (int item = 0; item < DRAWS; item++) {
      Canvas canvas = painted(painter, SIDE, SIDE, item);
      for (int i = 0; i < before.length; i++) {
        float change = Math.abs(canvas.rgb()[i] - before[i]);
        float cover = canvas.cover()[i / 3];
        assertTrue(
            cover == 0 ? change == 0 : change <= cover + ROUNDING, () -> change + ", " + cover);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everySizeKeepsItsRange(Painter painter) {
    int[][] sizes = {{1, 1}, {5, 300}, {300, 5}, {32, 32}, {20, 1600}};
    for (int[] size : sizes) {
      for (int item = 0; item < 30; item++) {
        Canvas canvas = painted(painter, size[0], size[1], item);
        for (float value : canvas.rgb()) {
          assertTrue(value >= 0 && value <= 1 + ROUNDING, () -> painter.word() + " " + value);
        }
        for (float cover : canvas.cover()) {
          assertTrue(cover >= 0 && cover <= 1, () -> painter.word() + " " + cover);
        }
      }
    }
  }

  /// What the lessons say, in percent.
  @ParameterizedTest
  @CsvSource({
    "stains, 64, 14", "stains, 256, 8",
    "marker, 64, 10", "marker, 256, 4",
    "scratches, 64, 1.4", "scratches, 256, 0.5",
    "dust, 64, 1", "dust, 256, 0.6",
    "creases, 64, 3", "creases, 256, 1",
    "fade, 64, 0", "fade, 256, 0",
    "old-photo, 64, 10", "old-photo, 256, 4.4"
  })
  void coversItsShare(String word, int side, double percent) {
    double sum = 0;
    for (int item = 0; item < DRAWS; item++) {
      Canvas canvas = new Canvas(side, side);
      named(word).paint(canvas, draws(item));
      for (float cover : canvas.cover()) {
        sum += cover;
      }
    }
    assertEquals(percent, 100 * sum / DRAWS / side / side, 0.2 * percent);
  }

  @ParameterizedTest
  @CsvSource({
    "stains, 0",
    "marker, 0",
    "scratches, 0",
    "dust, 0",
    "creases, 0",
    "fade, 0",
    "old-photo, 0.10"
  })
  void mostPicturesAreChanged(String word, double untouched) {
    byte[] clean = written(picture(32, 32));
    int same = 0;
    for (int item = 0; item < DRAWS; item++) {
      same += Arrays.equals(clean, written(painted(named(word), 32, 32, item))) ? 1 : 0;
    }
    assertEquals(untouched, (double) same / DRAWS, 0.04);
  }

  private static byte[] written(Canvas canvas) {
    byte[] bytes = new byte[canvas.rgb().length];
    canvas.write(bytes, 0);
    return bytes;
  }

  /// The same damage on a scan that is twice as fine covers the same share.
  @Test
  void largeCanvasesAreFinerScans() {
    assertEquals(1, new Brush(new Canvas(768, 300)).unit());
    assertEquals(2, new Brush(new Canvas(300, 1536)).unit());
    assertEquals(share(768), share(1536), 0.05 * share(768));
  }

  private static double share(int side) {
    double sum = 0;
    for (int item = 0; item < 10; item++) {
      Canvas canvas = new Canvas(side, side);
      new Scratches().paint(canvas, draws(item));
      for (float cover : canvas.cover()) {
        sum += cover;
      }
    }
    return sum / side / side;
  }
}
