package peers;

import java.util.Locale;

/// What one child JVM times.
///
/// @param network its word
/// @param peer the framework that runs it
/// @param tuned the framework's fastest known way of doing it, or the way its manual starts with
/// @param warmup seconds before the timed window
/// @param seconds length of the timed window
record Task(
    String network,
    Peer peer,
    boolean tuned,
    What what,
    int threads,
    double warmup,
    double seconds) {
  /// What is timed.
  enum What {
    TRAINING(128),
    INFERENCE(128),
    LATENCY(1);

    final int batch;

    What(int batch) {
      this.batch = batch;
    }
  }

  /// A framework, ours among them.
  enum Peer {
    OURS,
    TENSORFLOW,
    TORCH,
    ONNXRUNTIME
  }

  /// Whether a whole training step is timed, and not inference.
  boolean training() {
    return what == What.TRAINING;
  }

  /// Images per call.
  int batch() {
    return what.batch;
  }

  /// Whether batch norm is merged into the convolutions beforehand.
  boolean folded() {
    return peer != Peer.OURS && tuned && !training();
  }

  String name() {
    return what.name().toLowerCase(Locale.ROOT);
  }

  String framework() {
    return peer.name().toLowerCase(Locale.ROOT);
  }

  /// Ours has one mode.
  String mode() {
    return peer == Peer.OURS ? "" : tuned ? "tuned" : "plain";
  }

  Contender open(Weights weights, Images images) throws Exception {
    return switch (peer) {
      case OURS -> new Ours(this, weights, images);
      case TENSORFLOW -> new TensorFlow(this, weights, images);
      case TORCH -> new Torch(this, weights, images);
      case ONNXRUNTIME -> new OnnxRuntime(this, weights, images);
    };
  }
}
