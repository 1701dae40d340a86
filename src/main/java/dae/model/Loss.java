package dae.model;

import static dae.op.MeanSquaredError.meanSquaredError;

import dae.graph.Value;

/// What training minimises.
public interface Loss {
  /// The mean squared error over all values of the image, the article's.
  Loss MEAN_SQUARED_ERROR =
      new Loss() {
        @Override
        public String word() {
          return "mse";
        }

        @Override
        public Value of(Truth truth, Cleaned cleaned) {
          return meanSquaredError("loss", cleaned.image(), truth.clean());
        }
      };

  /// What the network should have found.
  ///
  /// @param clean the images as they should be, N×H×W×C
  /// @param damaged the images as they were before any noise of single pixels was added, with
  ///   everything that was painted on them (stains, scratches); the same value as `clean` where
  ///   nothing was
  /// @param cover how far each pixel was covered by what was painted on it, N×H×W×1 from 0 to 1;
  ///   null for a loss that does not ask for it
  record Truth(Value clean, Value damaged, Value cover) {}

  /// As it stands in settings and model files.
  String word();

  /// Whether [Truth#cover] must be there.
  default boolean takesCover() {
    return false;
  }

  /// Records the loss.
  ///
  /// @return a scalar
  Value of(Truth truth, Cleaned cleaned);
}
