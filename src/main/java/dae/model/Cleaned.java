package dae.model;

import dae.graph.Value;

/// What a network makes of it.
///
/// @param image N×H×W×C
/// @param mask where it has repainted, N×H×W×1 from 0 to 1; null for a network that does not say
/// @param logits the mask before its sigmoid, from which its error is computed; null likewise
/// @param repainted the image as if it had repainted everything, from which the error of what was
///   covered is computed; null likewise
public record Cleaned(Value image, Value mask, Value logits, Value repainted) {
  /// Without a mask.
  ///
  /// @param image N×H×W×C
  public Cleaned(Value image) {
    this(image, null, null, null);
  }
}
