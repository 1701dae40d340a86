package dae.noise;

import dae.image.Canvas;
import dae.image.Picture;
import dae.random.Draws;

/// **A camera's noise**, `camera:1e-6-3e-3`: what is left of it in a developed photograph.
///
/// *In words.* A sensor counts photons, so bright places scatter more than dark ones; reading it
/// out adds a little everywhere. Each of its pixels sees one colour; the other two are taken from
/// its neighbours, so the noise comes in soft coloured grains. The tone curve then makes dark
/// places bright, and their noise with them.
///
/// *Forward.* With the picture's values as light, `x = linear(rgb) / gain` per channel,
///
/// ```
///   n = √(a·x + b)·normal             at each pixel, for the colour that it sees (red green / green blue)
///   rgb' = curve(gain·clip(x + spread(n)))
/// ```
///
/// where `spread` is bilinear demosaicing: a colour that a pixel does not see is the mean of the
/// two or four neighbours that do. It is linear, so the noise alone goes through it and the picture
/// stays sharp. `linear` and `curve` are sRGB's.
///
/// *Parameters.* a, the shot noise's factor, is drawn evenly in its logarithm for each picture; the
/// read noise by ln b = 2.18·ln a + 1.20 ± 0.26, as cameras have it (Brooks et al., CVPR 2019); the
/// gains of the white balance are 1.9 to 2.4 for red and 1.5 to 1.9 for blue. Three pictures of ten
/// are not from a mosaic: there each value has a noise of its own.
///
/// *Costs* some 0.2 ms for 64×64 pixels. *Proved* by `PainterTest`.
final class Camera implements Painter {
  /// The name in front of the factor.
  static final String NAME = "camera";

  private static final float MOSAIC = 0.7f;

  private final Range shot;

  /// @param shot as text, one number or two
  /// @throws dae.UserError if it is none, or not from 1e-7 to 0.1
  Camera(String shot) {
    this(Range.parse(NAME, shot, 1e-7, 0.1));
  }

  Camera(Range shot) {
    this.shot = shot;
  }

  @Override
  public String word() {
    return NAME + ":" + shot;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    double a = shot.drawByLogarithm(draws);
    double b = StrictMath.exp(2.18 * StrictMath.log(a) + 1.20 + 0.26 * draws.normal());
    float[] gains = {draws.uniform(1.9f, 2.4f), 1, draws.uniform(1.5f, 1.9f)};
    boolean mosaic = draws.uniform() < MOSAIC;
    float[] rgb = canvas.rgb();
    float[] noise = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int c = i % Picture.CHANNELS;
      rgb[i] = ToneCurve.linear(rgb[i]) / gains[c];
      int pixel = i / Picture.CHANNELS;
      if (!mosaic || c == seen(pixel / canvas.width(), pixel % canvas.width())) {
        noise[i] = (float) Math.sqrt(a * rgb[i] + b) * draws.normal();
      }
    }
    if (mosaic) {
      noise = spread(noise, canvas.height(), canvas.width());
    }
    for (int i = 0; i < rgb.length; i++) {
      float light = Math.clamp(rgb[i] + noise[i], 0f, 1f);
      rgb[i] = ToneCurve.curve(Math.min(1, gains[i % Picture.CHANNELS] * light));
    }
  }

  /// The colour that a pixel of the mosaic sees.
  private static int seen(int row, int column) {
    return (row & 1) + (column & 1);
  }

  /// Bilinear demosaicing: missing colours are the mean of the neighbours that have them.
  private static float[] spread(float[] seen, int height, int width) {
    float[] all = new float[seen.length];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        for (int c = 0; c < Picture.CHANNELS; c++) {
          float sum = 0;
          int count = 0;
          boolean own = seen(row, column) == c;
          for (int y = own ? row : row - 1; y <= (own ? row : row + 1); y++) {
            for (int x = own ? column : column - 1; x <= (own ? column : column + 1); x++) {
              if (y >= 0 && y < height && x >= 0 && x < width && seen(y, x) == c) {
                sum += seen[(y * width + x) * Picture.CHANNELS + c];
                count++;
              }
            }
          }
          all[(row * width + column) * Picture.CHANNELS + c] = count == 0 ? 0 : sum / count;
        }
      }
    }
    return all;
  }
}
