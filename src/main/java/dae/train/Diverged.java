package dae.train;

/// A loss or a gradient was not finite. The weights are those of before that batch.
public final class Diverged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param op where the first number was made that is infinite or not a number
  Diverged(String op) {
    super("expected finite numbers, got NaN or infinity first in " + op);
  }
}
