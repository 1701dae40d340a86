package dae.graph;

import java.util.List;

/// What a plan is for, and how the tape is rewritten for it.
///
/// @param training whether batch statistics are used and a backward pass follows; the first root is
///   then the loss
/// @param rewrites fusions, in order
public record Mode(boolean training, List<Rewrite> rewrites) {
  /// Training on the tape as it was recorded, which defines what every fusion has to give.
  public static final Mode PLAIN_TRAINING = new Mode(true, List.of());

  /// Inference on the tape as it was recorded.
  public static final Mode PLAIN_INFERENCE = new Mode(false, List.of());

  /// Takes a copy of the list.
  public Mode {
    rewrites = List.copyOf(rewrites);
  }
}
