package dae.train;

import dae.tensor.Tensor;

/// The seam between the backward pass and the update, where several machines that each had a part
/// of a batch become one; and behind the validation, of which each had a part, too.
public interface GradientExchange {
  /// One machine: nothing to exchange.
  GradientExchange ALONE = (gradients, statistics, loss, images) -> {};

  /// Turns what this machine found into what all have found together, each weighted by its images.
  ///
  /// @param gradients of all trainable parameters, means over this machine's images
  /// @param statistics batch norm's moving averages, after this batch
  /// @param loss a scalar, the mean over this machine's images
  /// @param images how many these are; 0 where this machine had no share of a small last batch, and
  ///   then it has found nothing
  void sum(Tensor gradients, Tensor statistics, Tensor loss, int images);

  /// Puts together numbers of which each machine has found some, to the bit.
  ///
  /// @param found 0 where another machine has a number, and then that number
  default void gather(double[] found) {}
}
