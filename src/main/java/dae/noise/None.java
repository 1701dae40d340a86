package dae.noise;

import dae.graph.Value;
import dae.op.Fill;
import dae.random.Key;

/// **No damage**, `none`: what a model does to pictures that need nothing, which should be nothing;
/// and to learn from, the plain autoencoder.
///
/// *Forward.* `y = x`, by no op at all: what the network sees is the clean image itself. Its level
/// is 0. *Proved* by `NoisesTest`.
record None() implements Pixelwise {
  static final String NAME = "none";

  @Override
  public String word() {
    return NAME;
  }

  @Override
  public Value on(Value clean, int step) {
    return clean;
  }

  @Override
  public void paint(float[] rgb, Key key) {}

  @Override
  public Value level(Value clean, int step) {
    return Fill.fill("noise_level", clean, 0);
  }
}
