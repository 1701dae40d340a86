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
  /// @param step which one of a chain of damage it is, from 0: each step draws numbers of its own
  /// @return the same shape and range
  Value on(Value clean, int step);

  /// Does the same to one image without a plan, with the bits of the scalar kernels.
  ///
  /// @param rgb red, green and blue of each pixel, from 0 to 1
  /// @param count how many values
  /// @param epoch the epoch, or 0 in each epoch for noise that is drawn once
  /// @param image the image's index in its split
  void paint(float[] rgb, int count, long seed, int epoch, int image, int step);

  /// Records how strong the damage is.
  ///
  /// @param clean as for [#on]
  /// @param step likewise
  /// @return N×H×W×1 in units of the full range
  /// @throws UserError where that cannot be said in numbers
  default Value level(Value clean, int step) {
    throw new UserError(
        "noise: expected one that knows its level at each pixel, got "
            + word()
            + " — take another, or a network that does not ask for it");
  }
}
