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
    NoiseLevel black = NoiseLevel.of(new Picture(20, 20, new float[1200], null));
    assertTrue(Double.isNaN(black.sigma()));
    assertFalse(black.isClean());
    assertFalse(NoiseLevel.of(new Picture(7, 9, new float[189], null)).isClean());
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
