package dae.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.data.PictureFiles;
import dae.data.PicturePairs.Pair;
import dae.image.Picture;
import dae.image.Png;
import dae.noise.Noises;
import dae.random.Draws;
import dae.train.PictureResult.Quality;
import dae.train.PictureResult.Shift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small pictures, models of one line, values by hand.
class PictureEvaluationTest {
  private static final double C1 = 1e-4;

  @TempDir private Path folder;

  private final List<String> unread = new ArrayList<>();

  private Path even(String name, int height, int width, int red, int green, int blue)
      throws IOException {
    float[] rgb = new float[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (i % 3 == 0 ? red : i % 3 == 1 ? green : blue) / 255f;
    }
    Png.write(new Picture(height, width, rgb, null), folder.resolve(name));
    return folder.resolve(name);
  }

  private List<PictureResult> measure(PictureSet set, UnaryOperator<Picture> model) {
    return new PictureEvaluation(set)
        .measure(
            model, () -> {}, picture -> {}, (name, reason) -> unread.add(name + ": " + reason));
  }

  private PictureSet damaged(String noise) {
    return new PictureSet.Damaged(
        folder, List.copyOf(PictureFiles.in(folder, line -> {})), Noises.named(noise));
  }

  /// Adds so many steps of 8 bits to red, green and blue, and almost half of one.
  private static UnaryOperator<Picture> adding(float red, float green, float blue) {
    return picture -> {
      float[] rgb = picture.rgb().clone();
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] += ((i % 3 == 0 ? red : i % 3 == 1 ? green : blue) + 0.49f) / 255;
      }
      return new Picture(picture.height(), picture.width(), rgb, null);
    };
  }

  private static double luminance(double a, double b) {
    return (2 * a * b + C1) / (a * a + b * b + C1);
  }

  @Test
  void psnrSsimAndShiftByHand() throws IOException {
    Path noisy = even("noisy.png", 12, 17, 110, 100, 90);
    Path clean = even("clean.png", 12, 17, 100, 100, 100);
    PictureSet set = new PictureSet.Pairs(List.of(new Pair("a", noisy, clean)));

    PictureResult result = measure(set, adding(-7, 0, -1)).getFirst();

    assertEquals(12, result.height());
    assertEquals(17, result.width());
    // Off by 10, 0, −10 before, by 3, 0, −11 after.
    assertEquals(10 * Math.log10(255 * 255 / (200 / 3.)), result.noisy().psnr(), 1e-9);
    assertEquals(10 * Math.log10(255 * 255 / (130 / 3.)), result.denoised().psnr(), 1e-9);
    assertEquals(10 * Math.log10(200. / 130), result.gain(), 1e-9);
    double white = 255;
    assertEquals(
        (luminance(100 / white, 110 / white) + 1 + luminance(100 / white, 90 / white)) / 3,
        result.noisy().ssim(),
        1e-7);
    assertEquals(
        (luminance(100 / white, 103 / white) + 1 + luminance(100 / white, 89 / white)) / 3,
        result.denoised().ssim(),
        1e-7);
    assertEquals(new Shift(3, 0, -11), result.shift());
    assertEquals(-11, result.shift().largest());
  }

  @Test
  void whatLeavesTheRangeIsCut() throws IOException {
    even("a.png", 11, 11, 250, 0, 7);
    PictureResult result = measure(damaged("none"), adding(20, 20, -20)).getFirst();
    assertEquals(new Shift(5, 20, -7), result.shift());
  }

  @Test
  void withoutNoiseAndChangeThereIsNoError() throws IOException {
    even("a.png", 11, 11, 1, 2, 3);
    PictureResult result = measure(damaged("none"), adding(0, 0, 0)).getFirst();
    assertEquals(new Quality(Double.POSITIVE_INFINITY, 1), result.noisy());
    assertEquals(result.noisy(), result.denoised());
    assertEquals(new Shift(0, 0, 0), result.shift());
    assertEquals(0, result.gain());
    PictureResult changed = measure(damaged("none"), adding(1, 1, 1)).getFirst();
    assertEquals(20 * Math.log10(255), changed.denoised().psnr(), 1e-9);
    assertEquals(Double.NEGATIVE_INFINITY, changed.gain());
  }

  /// A picture's noise follows from its number, not from what became of those before it.
  @Test
  void eachPictureHasItsOwnNoiseInEveryEvaluation() throws IOException {
    even("a.png", 20, 30, 128, 128, 128);
    even("b.png", 20, 30, 128, 128, 128);
    byte[] first = damaged("gaussian:0.1").read(0, () -> {}).noisy();
    byte[] second = damaged("gaussian:0.1").read(1, () -> {}).noisy();
    assertArrayEquals(second, damaged("gaussian:0.1").read(1, () -> {}).noisy());
    assertFalse(Arrays.equals(first, second));
    Files.writeString(folder.resolve("a.png"), "no picture");
    assertArrayEquals(second, damaged("gaussian:0.1").read(1, () -> {}).noisy());
    double mse = 0;
    for (byte value : second) {
      mse += Math.pow((value & 0xFF) - 128, 2) / second.length;
    }
    assertEquals(25.5, Math.sqrt(mse), 1.5);
  }

  @Test
  void whatCannotBeReadIsLeftOutAndSaid() throws IOException {
    even("a.png", 11, 11, 1, 2, 3);
    even("b.png", 10, 500, 1, 2, 3);
    Files.writeString(folder.resolve("c.jpg"), "no picture");
    even("d.png", 13, 11, 1, 2, 3);
    List<PictureResult> results = measure(damaged("none"), picture -> picture);
    assertEquals(List.of("a.png", "d.png"), results.stream().map(PictureResult::name).toList());
    assertEquals(
        List.of("b.png: 500×10 pixels are too small", "c.jpg: not a picture of a known format"),
        unread);
  }

  @Test
  void aPairOfTwoSizesIsLeftOut() throws IOException {
    Path a = even("a.png", 11, 12, 1, 2, 3);
    Path b = even("b.png", 12, 11, 1, 2, 3);
    PictureSet set = new PictureSet.Pairs(List.of(new Pair("x", a, b), new Pair("y", a, a)));
    assertEquals(1, measure(set, picture -> picture).size());
    assertEquals(List.of("x: 12×11 pixels noisy, 11×12 clean"), unread);
  }

  @Test
  void goesOnWhereAModelFailed() throws IOException {
    for (int i = 0; i < 4; i++) {
      even(i + ".png", 11, 11, i, i, i);
    }
    PictureEvaluation evaluation = new PictureEvaluation(damaged("none"));
    List<String> done = new ArrayList<>();
    UnaryOperator<Picture> failing =
        picture -> {
          if (done.size() == 2) {
            throw new IllegalStateException("lost");
          }
          return picture;
        };
    try {
      evaluation.measure(
          failing, () -> {}, picture -> done.add(picture.name()), (name, reason) -> {});
    } catch (IllegalStateException _) {
      done.add("lost");
    }
    List<PictureResult> all =
        evaluation.measure(
            picture -> picture,
            () -> {},
            picture -> done.add(picture.name()),
            (name, reason) -> {});
    assertEquals(List.of("0.png", "1.png", "lost", "2.png", "3.png"), done);
    assertEquals(4, all.size());
  }

  /// What is painted on a picture is all that is wrong with it, and lies in the covered share.
  @Test
  void whatDamageCoversIsMeasuredApart() throws IOException {
    even("a.png", 96, 128, 90, 120, 150);
    PictureResult marked = measure(damaged("marker+marker+marker"), picture -> picture).getFirst();
    double share = marked.covered().share();
    assertTrue(share > 0.01 && share < 0.9, "" + share);
    assertEquals(marked.noisy().psnr(), marked.covered().noisy() - 10 * Math.log10(share), 0.01);
    assertEquals(marked.covered().noisy(), marked.covered().denoised());
    Picture flat = Png.read(folder.resolve("a.png"));
    PictureResult mended = measure(damaged("marker+marker+marker"), picture -> flat).getFirst();
    assertEquals(Double.POSITIVE_INFINITY, mended.covered().denoised());
    assertNull(measure(damaged("gaussian:0.1"), picture -> picture).getFirst().covered());
  }

  private static PictureResult result(double before, double after, double shift) {
    return new PictureResult(
        after + "",
        1000,
        500,
        new Quality(before, 0.5),
        new Quality(after, 0.75),
        new Shift(0, shift, 0),
        null,
        2);
  }

  @Test
  void meansByHand() {
    PictureResults results =
        new PictureResults(
            "m", "n", List.of(result(20, 30, 1), result(24, 25, -3), result(22, 32, 2)));
    assertEquals(new Quality(22, 0.5), results.noisy());
    assertEquals(new Quality(29, 0.75), results.denoised());
    assertEquals(7, results.gain());
    assertEquals(-3, results.shift());
    assertEquals("25.0", results.worst().name());
    assertEquals(0.25, results.megapixelsPerSecond());
    assertFalse(results.countsExact());
  }

  @Test
  void aPictureWithoutErrorCountsWithoutHidingTheOthers() {
    double exact = Double.POSITIVE_INFINITY;
    PictureResults some =
        new PictureResults("m", "n", List.of(result(exact, exact, 0), result(exact, 50, 0)));
    assertEquals(exact, some.noisy().psnr());
    assertEquals(75, some.denoised().psnr());
    assertTrue(some.countsExact());
    assertEquals("50.0", some.worst().name());
    assertEquals(Double.NEGATIVE_INFINITY, some.gain());
    PictureResults all = new PictureResults("m", "n", List.of(result(exact, exact, 0)));
    assertEquals(0, all.gain());
    assertFalse(all.countsExact());
  }

  /// The exact sums of integers agree with those of floats.
  @Test
  void agreesWithTheMeasuresOfTestImages() {
    byte[] a = new byte[20 * 30 * 3];
    byte[] b = new byte[a.length];
    Draws draws = new Draws(1, 2, 3, 4);
    for (int i = 0; i < a.length; i++) {
      a[i] = (byte) draws.below(256);
      b[i] = (byte) draws.below(256);
    }
    Metrics metrics = Metrics.withSsim(20, 30);
    metrics.add(PictureEvaluation.floats(a), 0, PictureEvaluation.floats(b), 0, 1);
    Quality quality = Quality.of(a, b, 20, 30);
    assertEquals(metrics.meanPsnr(), quality.psnr(), 1e-6);
    assertEquals(metrics.ssim(), quality.ssim());
  }
}
