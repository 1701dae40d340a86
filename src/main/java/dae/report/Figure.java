package dae.report;

import dae.image.Png;
import dae.train.Evaluation;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/// The picture that shows what the network does, `samples.png`: a row of original images, below it
/// the same with noise, below that what came back. [Drawing] writes it.
public final class Figure {
  private static final String[] CAPTIONS = {"original", "noisy", "denoised"};
  private static final int CHANNELS = 3;
  private static final int GAP = 6;
  private static final int CAPTION_HEIGHT = 22;
  private static final int TILE = 96;

  private Figure() {}

  /// Draws three rows of images, enlarged to about 96 pixels without smoothing. Where the machine
  /// has no fonts, the captions are left out.
  public static BufferedImage of(Evaluation.Samples samples) {
    int count = samples.count();
    int height = samples.height();
    int width = samples.width();
    int zoom = Math.max(1, TILE / Math.max(height, width));
    int rowHeight = CAPTION_HEIGHT + height * zoom + GAP;
    int columnWidth = width * zoom + GAP;
    BufferedImage figure =
        new BufferedImage(GAP + count * columnWidth, 3 * rowHeight, BufferedImage.TYPE_INT_RGB);
    int[] background = new int[figure.getWidth() * figure.getHeight()];
    Arrays.fill(background, 0xFFFFFF);
    figure.setRGB(0, 0, figure.getWidth(), figure.getHeight(), background, 0, figure.getWidth());
    float[][] rows = {samples.clean(), samples.noisy(), samples.denoised()};
    for (int r = 0; r < rows.length; r++) {
      int top = r * rowHeight + CAPTION_HEIGHT;
      for (int i = 0; i < count; i++) {
        drawImage(figure, GAP + i * columnWidth, top, zoom, rows[r], i, height, width);
      }
    }
    drawCaptions(figure, rowHeight);
    return figure;
  }

  private static void drawImage(
      BufferedImage figure,
      int left,
      int top,
      int zoom,
      float[] images,
      int image,
      int height,
      int width) {
    for (int y = 0; y < height * zoom; y++) {
      for (int x = 0; x < width * zoom; x++) {
        int pixel = (image * height + y / zoom) * width + x / zoom;
        figure.setRGB(left + x, top + y, Png.packed(images, pixel * CHANNELS));
      }
    }
  }

  private static void drawCaptions(BufferedImage figure, int rowHeight) {
    try {
      Graphics2D text = figure.createGraphics();
      text.setColor(Color.DARK_GRAY);
      text.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
      text.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      for (int r = 0; r < CAPTIONS.length; r++) {
        text.drawString(CAPTIONS[r], GAP, r * rowHeight + CAPTION_HEIGHT - 7);
      }
      text.dispose();
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Without fontconfig or FreeType one of these comes; the images speak for themselves.
      return;
    }
  }
}
