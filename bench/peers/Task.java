package peers;

import dae.kernel.Pass;
import java.util.Locale;

/// What one child JVM times.
///
/// @param subject word of a network, or of a [Convolution]
/// @param peer the framework that runs it
/// @param tuned the framework's fastest known way of doing it, or the way its manual starts with
/// @param warmup seconds before the timed window
/// @param seconds length of the timed window
record Task(
    String subject,
    Peer peer,
    boolean tuned,
    What what,
    int threads,
    double warmup,
    double seconds) {
  /// What is timed: of a network, or of a convolution.
  enum What {
    TRAINING(128, 32, null),
    INFERENCE(128, 32, null),
    LATENCY(1, 32, null),
    TILE(1, 1024, null),
    FORWARD(0, 0, Pass.FORWARD),
    INPUT_GRADIENT(0, 0, Pass.BACKWARD_INPUT),
    FILTER_GRADIENT(0, 0, Pass.BACKWARD_FILTER);

    /// Images of a network's call.
    private final int batch;

    /// Their height and width.
    private final int side;

    /// Null for networks.
    final Pass pass;

    What(int batch, int side, Pass pass) {
      this.batch = batch;
      this.side = side;
      this.pass = pass;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// A framework, ours among them.
  enum Peer {
    OURS,
    TENSORFLOW,
    TORCH,
    ONNXRUNTIME
  }

  /// Whether there is such a thing: ONNX Runtime has no gradients, ours has one mode, and of one
  /// convolution so have all but libtorch. One image alone is cleaned, not learnt from.
  boolean exists() {
    boolean forward = product() ? what == What.FORWARD : !training();
    boolean modes = peer == Peer.TORCH || peer != Peer.OURS && !product();
    return (forward || peer != Peer.ONNXRUNTIME) && (tuned || modes) && (forward || batch() > 1);
  }

  /// What ours does where this task's framework does it.
  Task ours() {
    return new Task(subject, Peer.OURS, true, what, threads, warmup, seconds);
  }

  /// Whether one product of a convolution is timed, and not a network.
  boolean product() {
    return what.pass != null;
  }

  /// Whether a whole training step is timed, and not inference.
  boolean training() {
    return what == What.TRAINING;
  }

  /// Images per call.
  int batch() {
    return product() ? Convolution.named(subject).n() : what.batch;
  }

  /// Operations of a product, padding counted as data.
  double flops() {
    return 2.0 * batch() * Convolution.named(subject).spec().multiplyAdds();
  }

  /// Whether batch norm is merged into the convolutions beforehand.
  boolean folded() {
    return peer != Peer.OURS && tuned && !training();
  }

  String framework() {
    return peer.name().toLowerCase(Locale.ROOT);
  }

  /// Ours has one mode.
  String mode() {
    return peer == Peer.OURS ? "" : tuned ? "tuned" : "plain";
  }

  /// What stands over a table.
  @Override
  public String toString() {
    return subject + ", " + what + ", threads " + threads;
  }

  Contender open() throws Exception {
    return product() ? openProduct() : openNetwork();
  }

  private Contender openProduct() throws Exception {
    Factors factors = Factors.random(this);
    return switch (peer) {
      case OURS -> new OurProduct(this, factors);
      case TENSORFLOW -> new TensorFlowProduct(this, factors);
      case TORCH -> new TorchProduct(this, factors);
      case ONNXRUNTIME -> OnnxRuntime.of(this, factors);
    };
  }

  private Contender openNetwork() throws Exception {
    Weights random = Weights.random(subject, what.side);
    Weights weights = folded() ? random.folded() : random;
    Images images = Images.random(batch(), what.side);
    Contender contender =
        switch (peer) {
          case OURS -> new Ours(this, weights, images);
          case TENSORFLOW -> new TensorFlow(this, weights, images);
          case TORCH -> new Torch(this, weights, images);
          case ONNXRUNTIME -> OnnxRuntime.of(this, weights, images);
        };
    if (contender instanceof Contender.Built built && built.parameters() != weights.count()) {
      throw new IllegalStateException(
          "parameters: expected " + weights.count() + ", got " + built.parameters());
    }
    return contender;
  }
}
