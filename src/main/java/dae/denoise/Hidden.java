package dae.denoise;

import dae.image.Picture;

/// Colours that nobody sees, under an opacity of 0: whatever a program left there. The network
/// would take them for a part of the picture and let them shine into what is seen, so it is shown
/// the colours around instead, and they come back afterwards.
final class Hidden {
  private Hidden() {}

  private static boolean isHidden(Picture picture, int pixel) {
    return picture.alpha()[pixel] == 0;
  }

  /// The picture with its hidden colours filled in from around; itself where there are none.
  static Picture filled(Picture picture) {
    byte[] alpha = picture.alpha();
    boolean any = false;
    for (int pixel = 0; alpha != null && pixel < alpha.length && !any; pixel++) {
      any = isHidden(picture, pixel);
    }
    if (!any) {
      return picture;
    }
    float[] weight = new float[alpha.length];
    for (int pixel = 0; pixel < alpha.length; pixel++) {
      weight[pixel] = isHidden(picture, pixel) ? 0 : 1;
    }
    float[] rgb = picture.rgb().clone();
    fill(rgb, weight, picture.height(), picture.width());
    return new Picture(picture.height(), picture.width(), rgb, alpha);
  }

  /// Fills in what has no weight: from a picture of half the size, the mean of what has some, which
  /// is filled in first (Gortler et al. 1996, "push-pull").
  private static void fill(float[] rgb, float[] weight, int height, int width) {
    if (height == 1 && width == 1) {
      return;
    }
    int h = Math.ceilDiv(height, 2);
    int w = Math.ceilDiv(width, 2);
    float[] half = new float[h * w * Picture.CHANNELS];
    float[] halfWeight = new float[h * w];
    for (int pixel = 0; pixel < weight.length; pixel++) {
      int to = pixel / width / 2 * w + pixel % width / 2;
      halfWeight[to] += weight[pixel];
      for (int c = 0; c < Picture.CHANNELS; c++) {
        half[to * Picture.CHANNELS + c] += weight[pixel] * rgb[pixel * Picture.CHANNELS + c];
      }
    }
    boolean whole = true;
    for (int pixel = 0; pixel < halfWeight.length; pixel++) {
      for (int c = 0; c < Picture.CHANNELS && halfWeight[pixel] > 0; c++) {
        half[pixel * Picture.CHANNELS + c] /= halfWeight[pixel];
      }
      whole &= halfWeight[pixel] > 0;
      halfWeight[pixel] = Math.min(halfWeight[pixel], 1);
    }
    if (!whole) {
      fill(half, halfWeight, h, w);
    }
    for (int pixel = 0; pixel < weight.length; pixel++) {
      int from = pixel / width / 2 * w + pixel % width / 2;
      for (int c = 0; c < Picture.CHANNELS && weight[pixel] == 0; c++) {
        rgb[pixel * Picture.CHANNELS + c] = half[from * Picture.CHANNELS + c];
      }
    }
  }

  /// Gives hidden pixels their colours back.
  ///
  /// @param clean height × width × 3 values
  static void restore(Picture noisy, float[] clean) {
    byte[] alpha = noisy.alpha();
    for (int pixel = 0; alpha != null && pixel < alpha.length; pixel++) {
      if (isHidden(noisy, pixel)) {
        int at = pixel * Picture.CHANNELS;
        System.arraycopy(noisy.rgb(), at, clean, at, Picture.CHANNELS);
      }
    }
  }
}
