package peers;

/// A network or a product in one framework, with its data in that framework's memory. It ends with
/// its JVM.
interface Contender {
  /// What is timed: one training step or one inference of the whole batch, or one product.
  void run() throws Exception;

  /// Mean squared error of the last [#run], in training before its update, as losses are; of a
  /// product how far it is from what it should be.
  double error();

  /// A network that a framework was made to hold piece by piece.
  interface Built extends Contender {
    /// How many parameters the framework holds for it, moving statistics included.
    long parameters();
  }
}
