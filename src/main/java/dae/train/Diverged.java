package dae.train;

/// A loss, a gradient, a weight or a validation was not finite. After a loss or a gradient the
/// weights are those from before that batch.
public final class Diverged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param where the first value that is infinite or NaN was seen
  Diverged(String where) {
    super("expected finite values, got NaN or infinity first in " + where);
  }
}
