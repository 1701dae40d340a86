package dae.noise;

/// A kind of damage: one of the words of [Noises].
sealed interface Kind permits Pixelwise, Painter {
  /// As it stands in options, settings and model files, such as `gaussian:0.1` or `scratches`.
  String word();
}
