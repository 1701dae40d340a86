package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.image.Picture;
import dae.image.PictureReader;
import dae.random.Draws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseLevelTest {
  /// A slope with noise in 1/255, rounded to 8 bits.
  private static Picture slope(double sigma, boolean blurred) {
    int side = 160;
    Draws draws = new Draws(9, 0, (int) (100 * sigma), 0);
    double[] noise = new double[side * side * 3];
    for (int i = 0; i < noise.length; i++) {
      // Twelve uniform numbers: a normal one, but for its tails.
      for (int k = 0; k < 12; k++) {
        noise[i] += draws.uniform() - 0.5;
      }
    }
    float[] rgb = new float[noise.length];
    for (int i = 0; i < rgb.length; i++) {
      int right = i % (3 * side) < 3 * side - 3 ? i + 3 : i - 3;
      int below = i + 3 * side < noise.length ? i + 3 * side : i - 3 * side;
      // Four neighbours share their noise: as strong, and without any of the finest detail.
      double own =
          blurred
              ? (noise[i]
                      + noise[right]
                      + noise[below]
                      + noise[Math.min(right + 3 * side, noise.length - 1)])
                  / 2
              : noise[i];
      double base = 80 + 60.0 * (i / 3 % side) / side;
      rgb[i] = (float) (Math.clamp(Math.round(base + sigma * own), 0, 255) / 255.0);
    }
    return new Picture(side, side, rgb, null);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 5, 10, 20, 50, 75})
  void whiteNoiseIsFoundWithinATenth(double sigma) {
    NoiseLevel level = NoiseLevel.of(slope(sigma, false));
    assertEquals(sigma, level.sigma(), 0.1 * sigma);
    assertFalse(level.isClean());
  }

  @Test
  void correlatedNoiseIsFound() {
    NoiseLevel level = NoiseLevel.of(slope(4, true));
    assertEquals(4, level.sigma(), 1.2);
    assertFalse(level.isClean());
  }

  @Test
  void whatIsFlatIsCleanAndWhatIsClippedIsUnknown() {
    NoiseLevel flat = NoiseLevel.of(slope(0, false));
    assertTrue(flat.isClean());
    assertTrue(flat.sigma() < 0.5, "" + flat.sigma());
    float[] two = new float[1200];
    Arrays.fill(two, 0, 99, 1);
    NoiseLevel clipped = NoiseLevel.of(new Picture(20, 20, two, null));
    assertTrue(Double.isNaN(clipped.sigma()));
    assertFalse(clipped.isClean());
    assertFalse(NoiseLevel.of(new Picture(7, 9, Arrays.copyOf(two, 189), null)).isClean());
  }

  private static Picture colors(int height, int width, int[]... columns) {
    float[] rgb = new float[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = columns[i / 3 % width * columns.length / width][i % 3] / 255f;
    }
    return new Picture(height, width, rgb, null);
  }

  /// What has no place to be noisy in is left alone where it is plain that it is not.
  @Test
  void flatColorsCloseToBlackOrWhiteAreClean() {
    int[] yellow = {240, 240, 10};
    int[][][] all = {{yellow}, {yellow, {10, 10, 240}}, {{5, 5, 5}}, {{255, 0, 0}}, {{0, 0, 0}}};
    for (int[][] columns : all) {
      NoiseLevel level = NoiseLevel.of(colors(40, 90, columns));
      assertEquals(new NoiseLevel(0, true), level, Arrays.deepToString(columns));
    }
    assertTrue(NoiseLevel.of(colors(5, 5, yellow)).isClean(), "smaller than a tile");
    Picture noisy = colors(40, 90, yellow);
    float[] rgb = new float[90 * 40 * 3];
    noisy.colors().read(0, rgb.length, rgb, 0);
    Draws draws = new Draws(9, 0, 0, 0);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] += (float) (Math.round(6 * draws.uniform() - 3) / 255.0);
    }
    assertFalse(NoiseLevel.of(new Picture(40, 90, rgb, null)).isClean());
  }

  /// Of 8 × 8 pixels, some have one line or two, or an end of one: none may pass for noise.
  @Test
  void blackLinesOnWhiteAreNoNoise() {
    int side = 160;
    float[] rgb = new float[side * side * 3];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % side;
      int y = i / 3 / side;
      rgb[i] = x % 11 < 3 && y % 21 < 17 || (x + y) % 37 < 2 ? 0 : 1;
    }
    NoiseLevel lines = NoiseLevel.of(new Picture(side, side, rgb, null));
    assertTrue(Double.isNaN(lines.sigma()), "" + lines);
  }

  @Test
  void noNoisyPhotographIsCalledClean() throws Exception {
    Path folder = Path.of("../shared/data/polyu-dev");
    assumeTrue(Files.isDirectory(folder), "no photographs of cameras' noise here");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith("_real.JPG")).toList();
    }
    for (Path file : files) {
      NoiseLevel level = NoiseLevel.of(PictureReader.read(file).picture());
      assertFalse(level.isClean(), file + ": " + level);
      assertTrue(level.sigma() > 0.4 && level.sigma() < 8, file + ": " + level);
    }
  }
}
