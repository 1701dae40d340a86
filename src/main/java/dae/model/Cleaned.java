package dae.model;

import dae.graph.Value;

/// What a network makes of it.
///
/// @param image N×H×W×C
/// @param mask where it has repainted, N×H×W×1 from 0 to 1; null for a network that does not say
/// @param logits the mask before its sigmoid, from which its error is computed; null likewise
public record Cleaned(Value image, Value mask, Value logits) {
  /// Without a mask.
  ///
  /// @param image N×H×W×C
  public Cleaned(Value image) {
    this(image, null, null);
  }
}
