package dae.train;

/// Hears how a run goes. Called by the training thread, so it should be quick.
public interface Listener {
  /// After each batch, or on a device a few times a second, when losses are read.
  ///
  /// @param epoch counted from 0
  /// @param batches of this epoch that are done
  /// @param loss mean over the epoch's images so far
  default void trained(int epoch, int batches, double loss) {}

  /// After each batch of a pass over the training images for batch norm's statistics.
  ///
  /// @param images that are done
  default void refreshed(long images) {}

  /// After each batch of a validation.
  ///
  /// @param images that are done
  default void validated(int images) {}

  /// After each epoch and each stop, when weights and state have been saved as far as possible.
  ///
  /// @param history of the finished epochs
  default void saved(History history) {}

  /// After each epoch, when everything is saved.
  ///
  /// @param row what was added to the history
  /// @param best whether no epoch before had a smaller validation MSE
  default void finished(History.Row row, boolean best) {}

  /// Something did not work that need not end the run.
  ///
  /// @param line for people
  default void warned(String line) {}
}
