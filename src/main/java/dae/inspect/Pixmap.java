package dae.inspect;

import dae.html.Html;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/// Numbers as pixels, and pixels as a picture inside a page; what is between them is transparent.
final class Pixmap {
  private static final int GAP = 2;
  private static final int COLUMNS = 8;

  private final BufferedImage image;

  private Pixmap(int width, int height) {
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
  }

  /// Red, green and blue from 0 to 1.
  static Pixmap colors(float[] rgb, int h, int w) {
    Pixmap map = new Pixmap(w, h);
    for (int i = 0; i < h * w; i++) {
      map.set(i % w, i / w, rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
    }
    return map;
  }

  /// From black over red to white, 0 to the largest.
  ///
  /// @param root by which they are shown, so that little is seen too
  static Pixmap heat(double[] values, int h, int w, int root) {
    double largest = 1e-30;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    Pixmap map = new Pixmap(w, h);
    for (int i = 0; i < values.length; i++) {
      double v = Math.pow(values[i] / largest, 1.0 / root);
      map.set(i % w, i / w, Math.min(1, 2 * v), v * v, Math.max(0, 2 * v - 1));
    }
    return map;
  }

  /// The channels of one image side by side in rows, each from its smallest to its largest value.
  ///
  /// @param count of channels that are shown, from the first on
  static Pixmap channels(float[] image, int h, int w, int c, int count) {
    int columns = Math.min(COLUMNS, count);
    int rows = Math.ceilDiv(count, columns);
    Pixmap map = new Pixmap(columns * (w + GAP) - GAP, rows * (h + GAP) - GAP);
    for (int channel = 0; channel < count; channel++) {
      float low = Float.MAX_VALUE;
      float high = -Float.MAX_VALUE;
      for (int i = channel; i < image.length; i += c) {
        low = Math.min(low, image[i]);
        high = Math.max(high, image[i]);
      }
      int left = channel % columns * (w + GAP);
      int top = channel / columns * (h + GAP);
      for (int i = 0; i < h * w; i++) {
        double v = high > low ? (image[i * c + channel] - low) / (high - low) : 0;
        map.set(left + i % w, top + i / w, v, v, v);
      }
    }
    return map;
  }

  /// Filters that read colours, side by side: grey is 0, and the largest weight of each is full.
  ///
  /// @param w KH×KW×3×O
  static Pixmap filters(float[] w, int kh, int kw, int filters) {
    int columns = Math.min(COLUMNS, filters);
    int rows = Math.ceilDiv(filters, columns);
    Pixmap map = new Pixmap(columns * (kw + 1) - 1, rows * (kh + 1) - 1);
    for (int f = 0; f < filters; f++) {
      float largest = 1e-30f;
      for (int i = f; i < w.length; i += filters) {
        largest = Math.max(largest, Math.abs(w[i]));
      }
      for (int tap = 0; tap < kh * kw; tap++) {
        double[] rgb = new double[3];
        for (int c = 0; c < 3; c++) {
          rgb[c] = 0.5 + 0.5 * w[(tap * 3 + c) * filters + f] / largest;
        }
        int x = f % columns * (kw + 1) + tap % kw;
        map.set(x, f / columns * (kh + 1) + tap / kw, rgb[0], rgb[1], rgb[2]);
      }
    }
    return map;
  }

  private void set(int x, int y, double r, double g, double b) {
    image.setRGB(x, y, 0xFF << 24 | eight(r) << 16 | eight(g) << 8 | eight(b));
  }

  private static int eight(double v) {
    return (int) Math.round(255 * Math.max(0, Math.min(1, v)));
  }

  /// A figure with its caption, each pixel `zoom` wide.
  String figure(String caption, int zoom) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String picture = Html.picture(png.toByteArray(), zoom * image.getWidth(), caption);
    return "<figure>%s<figcaption>%s</figcaption></figure>%n"
        .formatted(picture, Html.text(caption));
  }
}
