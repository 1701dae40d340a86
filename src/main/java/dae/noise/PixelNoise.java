package dae.noise;

import dae.UserError;
import dae.graph.Value;

/// A kind of damage that a network learns to undo. It is found by its [#word] in [Noises], and
/// drawn from the key of a run ([dae.graph.Plan#key]): the same image in the same epoch gets the
/// same damage.
public interface Noise {
  /// As it stands in options, settings and model files, such as `gaussian:0.1`.
  String word();

  /// Records the damage.
  ///
  /// @param clean N×H×W×C from 0 to 1
  /// @return the same shape and range
  Value on(Value clean);

  /// Records how strong the damage is.
  ///
  /// @param clean as for [#on]
  /// @return N×H×W×1 in units of the full range
  /// @throws UserError where that cannot be said in numbers
  default Value level(Value clean) {
    throw new UserError(
        "noise: expected one that knows its level at each pixel, got "
            + word()
            + " — take another, or a network that does not ask for it");
  }
}
