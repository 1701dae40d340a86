package dae.image;

import java.util.Arrays;

/// A picture that is being painted on: its values, and where they have been painted over.
///
/// Values may leave [0, 1] between two steps; [#write] cuts them off.
public final class Canvas {
  private final int height;
  private final int width;
  private final float[] rgb;
  private final float[] cover;

  /// A black picture, not painted on.
  ///
  /// @param height rows
  /// @param width columns
  public Canvas(int height, int width) {
    this.height = height;
    this.width = width;
    rgb = new float[height * width * Picture.CHANNELS];
    cover = new float[height * width];
  }

  /// What one of this size takes.
  public static long bytes(int height, int width) {
    return (long) Float.BYTES * (Picture.CHANNELS + 1) * height * width;
  }

  /// Rows.
  public int height() {
    return height;
  }

  /// Columns.
  public int width() {
    return width;
  }

  /// The values themselves, height × width × 3 in [0, 1], interleaved.
  public float[] rgb() {
    return rgb;
  }

  /// How much of what was there a painter has hidden, height × width from 0 to 1: what a network
  /// that restores has to find.
  public float[] cover() {
    return cover;
  }

  /// Blends a colour over a pixel, as far as it hides what was there.
  ///
  /// @param pixel its place, row by row
  /// @param opacity from 0 to 1
  public void blend(int pixel, float red, float green, float blue, float opacity) {
    int at = pixel * Picture.CHANNELS;
    rgb[at] += opacity * (red - rgb[at]);
    rgb[at + 1] += opacity * (green - rgb[at + 1]);
    rgb[at + 2] += opacity * (blue - rgb[at + 2]);
    hide(pixel, opacity);
  }

  /// Lets a pixel shine through a colour, as through ink or coffee.
  ///
  /// @param pixel its place, row by row
  /// @param red what is let through, from 0 to 1; the others likewise
  public void multiply(int pixel, float red, float green, float blue) {
    int at = pixel * Picture.CHANNELS;
    rgb[at] *= red;
    rgb[at + 1] *= green;
    rgb[at + 2] *= blue;
    hide(pixel, 1 - Math.min(red, Math.min(green, blue)));
  }

  private void hide(int pixel, float opacity) {
    cover[pixel] += opacity * (1 - cover[pixel]);
  }

  /// Starts with the pixels of an image, not painted on.
  ///
  /// @param from holds interleaved RGB
  /// @param offset where the image starts
  public void read(byte[] from, int offset) {
    show(from, offset);
    Arrays.fill(cover, 0);
  }

  /// Takes other pixels, and keeps where it has been painted on.
  ///
  /// @param from holds interleaved RGB
  /// @param offset where the image starts
  public void show(byte[] from, int offset) {
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (from[offset + i] & 0xFF) / 255f;
    }
  }

  /// Writes how far each pixel is covered, from 0 to 255, rounded.
  ///
  /// @param to takes a byte per pixel
  /// @param offset where the image starts
  public void writeCover(byte[] to, int offset) {
    for (int i = 0; i < cover.length; i++) {
      to[offset + i] = (byte) Math.round(255 * Math.clamp(cover[i], 0f, 1f));
    }
  }

  /// Writes the pixels, rounded.
  ///
  /// @param to takes interleaved RGB
  /// @param offset where the image starts
  public void write(byte[] to, int offset) {
    for (int i = 0; i < rgb.length; i++) {
      to[offset + i] = (byte) Math.round(255 * Math.clamp(rgb[i], 0f, 1f));
    }
  }
}
