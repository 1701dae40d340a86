package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Soft noise**, `soft:0.002-0.05`: what cameras leave of theirs.
///
/// *In words.* A camera smooths its own noise before it saves, and stores colours at half the size.
/// What is left is soft in brightness, from pixel to pixel, and blotchy in colour, over several
/// pixels, where the eye is duller.
///
/// *Forward.* In brightness Y and colours Cb, Cr (BT.601), white noise goes through a Gaussian of
/// radius r, scaled so that the strength stays what it was:
///
///     Y' = Y + σ·(g(r₁) ∗ n₁)    Cb' = Cb + k·σ·(g(r₂) ∗ n₂)    Cr' = Cr + k·σ·(g(r₂) ∗ n₃)
///
/// *Parameters.* σ from the word, drawn for each picture, evenly in its logarithm; r₁ 0.4 to 1.2
/// pixels, r₂ 1 to 4.5, k 0.2 to 0.8.
///
/// *Source.* Measured on pairs of PolyU (Xu et al. 2018), shots minus the mean of many: neighbours
/// in Y correlate by 0.5 to 0.77, at two pixels 0.1 to 0.5; in colour 0.9, at four pixels still 0.5
/// to 0.8, at a third to two thirds of Y's strength. *Costs* 2·(6r + 1) multiplications for each
/// pixel of each plane. *Proved* by `SoftTest`.
record Soft(Range sigma) implements Painter {
  /// The name in front of σ.
  static final String NAME = "soft";

  /// @param sigma as text, one number or two
  /// @throws dae.UserError if it is none, or not from 1e-4 to 1
  Soft(String sigma) {
    this(Range.parse(NAME, sigma, 1e-4, 1));
  }

  @Override
  public String word() {
    return NAME + ":" + sigma;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    float strength = (float) sigma.drawByLogarithm(draws);
    float[] sharp = gaussian(draws.uniform(0.4f, 1.2f));
    float[] wide = gaussian(draws.uniform(1, 4.5f));
    float colour = strength * draws.uniform(0.2f, 0.8f);
    float[] y = plane(canvas, sharp, draws);
    float[] cb = plane(canvas, wide, draws);
    float[] cr = plane(canvas, wide, draws);
    float[] rgb = canvas.rgb();
    for (int i = 0; i < y.length; i++) {
      float light = strength * y[i];
      rgb[3 * i] += light + colour * 1.402f * cr[i];
      rgb[3 * i + 1] += light - colour * (0.344136f * cb[i] + 0.714136f * cr[i]);
      rgb[3 * i + 2] += light + colour * 1.772f * cb[i];
    }
  }

  /// Noise of strength 1.
  private static float[] plane(Canvas canvas, float[] window, Draws draws) {
    float[] noise = new float[canvas.height() * canvas.width()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = draws.normal();
    }
    float[] turned = smoothTurned(noise, canvas.width(), window);
    return smoothTurned(turned, canvas.height(), window);
  }

  /// A Gaussian out to three radii, whose squares sum up to 1: so much of white noise passes.
  private static float[] gaussian(float radius) {
    int reach = (int) Math.ceil(3 * radius);
    float[] window = new float[2 * reach + 1];
    double squares = 0;
    for (int i = -reach; i <= reach; i++) {
      double value = StrictMath.exp(-i * i / (2.0 * radius * radius));
      window[reach + i] = (float) value;
      squares += value * value;
    }
    for (int i = 0; i < window.length; i++) {
      window[i] /= (float) Math.sqrt(squares);
    }
    return window;
  }

  /// Smooths each row, around its ends as if they met, and makes it a column.
  private static float[] smoothTurned(float[] plane, int width, float[] window) {
    int height = plane.length / width;
    int reach = window.length / 2;
    float[] turned = new float[plane.length];
    float[] around = new float[width + 2 * reach];
    for (int row = 0; row < height; row++) {
      for (int i = 0; i < around.length; i++) {
        around[i] = plane[row * width + Math.floorMod(i - reach, width)];
      }
      for (int column = 0; column < width; column++) {
        float sum = 0;
        for (int k = 0; k < window.length; k++) {
          sum += window[k] * around[column + k];
        }
        turned[column * height + row] = sum;
      }
    }
    return turned;
  }
}
