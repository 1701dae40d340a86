package peers;

/// The network in one framework, with its images in that framework's memory. It ends with its JVM.
interface Contender {
  /// What is timed: one training step or one inference of the whole batch.
  void run() throws Exception;

  /// Mean squared error of the last [#run]; in training before its update, as losses are.
  double error();

  /// How many parameters the framework holds for the network, moving statistics included.
  long parameters();
}
