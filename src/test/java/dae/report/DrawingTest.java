package dae.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.train.Evaluation;
import dae.train.History;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawingTest {
  private static final int CLEAN = 0x204060;
  private static final int NOISY = 0xFF0000;
  private static final int DENOISED = 0x0000FF;

  @TempDir Path folder;

  @Test
  void theFigureShowsThreeRowsOfEnlargedImages() {
    int size = 2 * 32 * 32 * 3;
    float[] clean = new float[size];
    for (int i = 0; i < size; i += 3) {
      clean[i] = 0x20 / 255f;
      clean[i + 1] = 0x40 / 255f;
      clean[i + 2] = 0x60 / 255f;
    }
    // The second image's last pixel alone is white.
    clean[size - 3] = clean[size - 2] = clean[size - 1] = 1;
    float[] noisy = new float[size];
    float[] denoised = new float[size];
    for (int i = 0; i < size; i += 3) {
      noisy[i] = 1.5f;
      denoised[i + 1] = -1;
      denoised[i + 2] = 1;
    }
    BufferedImage figure = Figure.of(new Evaluation.Samples(2, 32, 32, clean, noisy, denoised));
    assertEquals(6 + 2 * (96 + 6), figure.getWidth());
    assertEquals(3 * (22 + 96 + 6), figure.getHeight());
    assertEquals(2 * 96 * 96 - 9, count(figure, CLEAN));
    assertEquals(2 * 96 * 96, count(figure, NOISY));
    assertEquals(2 * 96 * 96, count(figure, DENOISED));
    assertEquals(CLEAN, figure.getRGB(6, 22) & 0xFFFFFF);
    assertEquals(NOISY, figure.getRGB(6, 22 + 124) & 0xFFFFFF);
    assertEquals(DENOISED, figure.getRGB(6, 22 + 2 * 124) & 0xFFFFFF);
    int right = 6 + 102 + 95;
    assertEquals(0xFFFFFF, figure.getRGB(right - 2, 22 + 95 - 2) & 0xFFFFFF);
    assertEquals(CLEAN, figure.getRGB(right - 3, 22 + 95) & 0xFFFFFF);
  }

  @Test
  void theFigureTakesOneImageOfAnySize() {
    float[] image = new float[200 * 5 * 3];
    assertEquals(
        5 + 12, Figure.of(new Evaluation.Samples(1, 200, 5, image, image, image)).getWidth());
  }

  @Test
  void thePlotShowsBothCurves() throws IOException {
    History history = new History();
    for (int epoch = 1; epoch <= 5; epoch++) {
      history.add(new History.Row(epoch, 0.005 / epoch, 0.006 / epoch, 600, 80));
      Path target = folder.resolve("loss.png");
      Drawing.write(() -> LossPlot.of(history), target);
      BufferedImage plot = ImageIO.read(target.toFile());
      assertTrue(count(plot, 0x1F77B4) > 20 * epoch, "training curve of " + epoch);
      assertTrue(count(plot, 0xD95F02) > 20 * epoch, "validation curve of " + epoch);
    }
  }

  @Test
  void thePlotLeavesOutWhatALogarithmCannotShow() {
    History history = new History();
    history.add(new History.Row(1, 0.01, Double.NaN, 600, 80));
    history.add(new History.Row(2, 0, Double.POSITIVE_INFINITY, 600, 80));
    assertTrue(count(LossPlot.of(history), 0x1F77B4) > 20);
  }

  @Test
  void whatCannotBeDrawnIsAnIOException() {
    Path target = folder.resolve("loss.png");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                Drawing.write(
                    () -> {
                      throw new NoClassDefFoundError("sun.font.FontManagerFactory");
                    },
                    target));
    assertTrue(e.getMessage().startsWith("cannot draw " + target + ": "));
    assertFalse(Files.exists(target));
  }

  private static int count(BufferedImage image, int rgb) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }
}
