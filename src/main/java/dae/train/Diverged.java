package dae.train;

/// A loss or a gradient was not finite. The weights are those from before that batch.
public final class Diverged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param op that made the first value that is infinite or NaN
  Diverged(String op) {
    super("expected finite values, got NaN or infinity first in " + op);
  }
}
