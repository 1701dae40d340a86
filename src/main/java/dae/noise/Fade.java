package dae.noise;

import dae.image.Canvas;
import dae.random.Draws;

/// **Fading**, `fade`: what light and years do to all colours of a print.
///
/// *In words.* Dyes bleach, so contrast goes and black turns grey; paper and gelatine yellow, or
/// cyan, the weakest dye, goes first and leaves a red picture; lenses and frames darken the
/// corners.
///
/// *Formula.* Each value goes through its channel's curve, then through the vignette, q being the
/// distance from its centre in diagonals:
///
///     y = gain · (lift + (1 − lift)·(½ + contrast·(x^γ − ½))) · (1 − v·q²)
///
/// *Parameters.* Contrast 0.5 to 1, lift 0 to 0.25, γ 0.7 to 1.4; gain 1, 1 − k/4, 1 − k (yellow,
/// p 0.75) or 1, 1 − k/2, 1 − k/4 (red), k to 0.35; v 0 to 0.5. None is a length, so nothing
/// scales; only the vignette's centre lies anywhere in the middle half of the canvas, as a patch
/// shows any part of a print. It changes everything and hides nothing: *covers* 0.
///
/// *Source*: the usual model of tone curves; the order in which dyes go is Wilhelm & Brower, The
/// Permanence and Care of Color Photographs, 1993. *Costs* a look-up and a multiplication for each
/// value; the curve is tabulated at 129 places and straight between them. *Proved* by
/// `PaintersTest`.
record Fade() implements Painter {
  /// Its word.
  static final String NAME = "fade";

  private static final int STEPS = 128;
  private static final float YELLOW = 0.75f;

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public void paint(Canvas canvas, Draws draws) {
    float[] curve = curve(draws);
    boolean yellow = draws.uniform() < YELLOW;
    float cast = draws.uniform(0, 0.35f);
    float green = 1 - cast / (yellow ? 4 : 2);
    float blue = 1 - cast / (yellow ? 1 : 4);
    float x = draws.uniform(0.25f, 0.75f) * canvas.width();
    float y = draws.uniform(0.25f, 0.75f) * canvas.height();
    float diagonal = Brush.length(canvas.width(), canvas.height());
    float vignette = draws.uniform(0, 0.5f) / (diagonal * diagonal);
    float[] rgb = canvas.rgb();
    int at = 0;
    for (int row = 0; row < canvas.height(); row++) {
      float dy = row + 0.5f - y;
      for (int column = 0; column < canvas.width(); column++) {
        float dx = column + 0.5f - x;
        float light = 1 - vignette * (dx * dx + dy * dy);
        rgb[at] = light * look(curve, rgb[at]);
        rgb[at + 1] = light * green * look(curve, rgb[at + 1]);
        rgb[at + 2] = light * blue * look(curve, rgb[at + 2]);
        at += 3;
      }
    }
  }

  private static float[] curve(Draws draws) {
    float contrast = draws.uniform(0.5f, 1);
    float lift = draws.uniform(0, 0.25f);
    float gamma = draws.uniform(0.7f, 1.4f);
    float[] curve = new float[STEPS + 1];
    for (int i = 0; i <= STEPS; i++) {
      float x = (float) StrictMath.pow((double) i / STEPS, gamma);
      curve[i] = lift + (1 - lift) * (0.5f + contrast * (x - 0.5f));
    }
    return curve;
  }

  private static float look(float[] curve, float value) {
    float place = STEPS * Math.clamp(value, 0f, 1f);
    int at = Math.min((int) place, STEPS - 1);
    return curve[at] + (place - at) * (curve[at + 1] - curve[at]);
  }
}
