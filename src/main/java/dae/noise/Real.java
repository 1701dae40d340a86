package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **What is wrong with photographs**, `real`: a mix to learn from where nobody knows the noise.
///
/// *In words.* Three of ten pictures get a [Camera]'s noise, and half of these are then saved as
/// [Jpeg]; a seventh get [Soft] noise, as cameras leave it; almost half get white noise of an
/// unknown level, often weak; one of ten stays clean, so that a network learns to leave such
/// pictures alone.
///
/// *Forward.* The camera's factor is 1e-5 to 1e-2, JPEG's quality 70 to 98; soft noise has a σ of
/// 0.002 to 0.05; white noise is `rgb' = rgb + σ·normal` with `σ = 75/255·u^1.5`, of the same σ
/// everywhere or, in three of ten, of one for each channel; in one of ten all channels get the same
/// noise.
///
/// *Source.* The white part is the blind training of DnCNN and FFDNet (Zhang et al. 2017, 2018);
/// that noise of cameras must be among it, CBDNet (Guo et al. 2019) and Brooks et al. (2019).
/// *Costs* what its parts cost. *Proved* by `RealTest`.
final class Real implements Painter {
  /// The largest σ of white noise.
  static final float MOST = 75 / 255f;

  private final Camera camera = new Camera(new Range(1e-5, 1e-2));
  private final Jpeg jpeg = new Jpeg(new Range(70, 98));
  private final Soft soft = new Soft(new Range(0.002, 0.05));

  @Override
  public String word() {
    return Noises.REAL;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    float kind = draws.uniform();
    if (kind < 0.3f) {
      camera.paint(canvas, draws);
      if (draws.uniform() < 0.5f) {
        jpeg.paint(canvas, draws);
      }
    } else if (kind < 0.45f) {
      soft.paint(canvas, draws);
    } else if (kind < 0.9f) {
      white(canvas, draws);
    }
  }

  private static void white(Canvas canvas, Draws draws) {
    boolean levels = draws.uniform() < 0.3f;
    boolean grey = draws.uniform() < 0.1f;
    float[] sigma = new float[3];
    for (int c = 0; c < 3; c++) {
      sigma[c] = c == 0 || levels ? level(draws) : sigma[0];
    }
    float[] rgb = canvas.rgb();
    for (int i = 0; i < rgb.length; i += 3) {
      float shared = grey ? draws.normal() : 0;
      for (int c = 0; c < 3; c++) {
        rgb[i + c] += sigma[c] * (grey ? shared : draws.normal());
      }
    }
  }

  private static float level(Draws draws) {
    float u = draws.uniform();
    return MOST * u * (float) Math.sqrt(u);
  }
}
