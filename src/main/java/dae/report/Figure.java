package dae.report;

import dae.image.Png;
import dae.train.Evaluation;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/// Rows of images under each other, such as what a network does, `samples.png`: original images,
/// below them the same with noise, below that what came back. [Drawing] writes it.
public final class Figure {
  private static final int CHANNELS = 3;
  private static final int GAP = 6;
  private static final int CAPTION_HEIGHT = 22;
  private static final int TILE = 96;

  private Figure() {}

  /// A row: its caption, and its images as values from 0 to 1, one after the other.
  ///
  /// @param images N × height × width × 3
  public record Row(String caption, float[] images) {}

  /// Draws what the network does.
  public static BufferedImage of(Evaluation.Samples samples) {
    return of(
        List.of(
            new Row("original", samples.clean()),
            new Row("noisy", samples.noisy()),
            new Row("denoised", samples.denoised())),
        samples.count(),
        samples.height(),
        samples.width());
  }

  /// Draws rows of images, enlarged to about 96 pixels without smoothing. Where the machine has no
  /// fonts, the captions are left out.
  ///
  /// @param count images of a row
  public static BufferedImage of(List<Row> rows, int count, int height, int width) {
    int zoom = Math.max(1, TILE / Math.max(height, width));
    int rowHeight = CAPTION_HEIGHT + height * zoom + GAP;
    int columnWidth = width * zoom + GAP;
    BufferedImage figure =
        new BufferedImage(
            GAP + count * columnWidth, rows.size() * rowHeight, BufferedImage.TYPE_INT_RGB);
    int[] background = new int[figure.getWidth() * figure.getHeight()];
    Arrays.fill(background, 0xFFFFFF);
    figure.setRGB(0, 0, figure.getWidth(), figure.getHeight(), background, 0, figure.getWidth());
    for (int r = 0; r < rows.size(); r++) {
      int top = r * rowHeight + CAPTION_HEIGHT;
      for (int i = 0; i < count; i++) {
        drawImage(figure, GAP + i * columnWidth, top, zoom, rows.get(r).images(), i, height, width);
      }
    }
    drawCaptions(figure, rows, rowHeight);
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

  private static void drawCaptions(BufferedImage figure, List<Row> rows, int rowHeight) {
    try {
      Graphics2D text = figure.createGraphics();
      text.setColor(Color.DARK_GRAY);
      text.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
      text.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      for (int r = 0; r < rows.size(); r++) {
        text.drawString(rows.get(r).caption(), GAP, r * rowHeight + CAPTION_HEIGHT - 7);
      }
      text.dispose();
    } catch (RuntimeException | LinkageError | InternalError e) {
      // Without fontconfig or FreeType one of these comes; the images speak for themselves.
      return;
    }
  }
}
