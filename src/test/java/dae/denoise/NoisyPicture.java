package dae.denoise;

import dae.image.Picture;
import dae.random.Draws;
import java.awt.image.BufferedImage;

/// Smooth pictures with noise, made by program.
final class NoisyPicture {
  private NoisyPicture() {}

  static Picture of(int height, int width) {
    Draws draws = new Draws(3, 0, height, width);
    float[] rgb = new float[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      rgb[i] = 0.3f + 0.4f * x / width + 0.2f * (draws.uniform() - 0.5f);
    }
    return new Picture(height, width, rgb, null);
  }

  /// Opacities are all there are, where the type has any.
  static BufferedImage image(int type, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, type);
    Draws draws = new Draws(5, 0, height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int grey = 80 + 100 * x / width + draws.below(30);
        int opacity = 1 + (x * 7 + y) % 255;
        image.setRGB(x, y, opacity << 24 | grey << 16 | grey + 9 << 8 | grey - 9);
      }
    }
    return image;
  }
}
