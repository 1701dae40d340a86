package dae.op;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Op;
import dae.graph.Value;
import dae.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Rewrites of the tape: fewer passes over memory, the same values. The model never mentions them,
/// and `FusionTest` holds every fused plan against the plain one.
public final class Fusion {
  /// What training uses.
  public static final Mode TRAINING =
      new Mode(
          true,
          List.of(
              Fusion::batchNormRelu,
              Fusion::idleBias,
              Fusion::idleClip,
              Fusion::foldedActivation,
              Fusion::summedConvolution));

  /// What inference uses.
  public static final Mode INFERENCE =
      new Mode(
          false,
          List.of(
              Fusion::batchNormRelu,
              Fusion::foldedBatchNorm,
              Fusion::foldedActivation,
              Fusion::summedConvolution));

  private Fusion() {}

  /// BatchNorm followed by nothing but a ReLU becomes one entry that makes the ReLU's output.
  static List<Graph.Entry> batchNormRelu(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker.op() instanceof BatchNorm norm && reader.op() instanceof Relu
                ? norm.withRelu()
                : null);
  }

  /// A convolution with a bias that only a BatchNorm reads becomes one entry with it. For inference
  /// alone.
  static List<Graph.Entry> foldedBatchNorm(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker.op() instanceof Convolution product
                    && product.hasBias()
                    && reader.op() instanceof BatchNorm norm
                ? new FoldedBatchNorm(product, norm)
                : null);
  }

  /// A convolution that only an activation reads becomes one entry with it.
  static List<Graph.Entry> foldedActivation(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) -> {
          Activation f =
              switch (reader.op()) {
                case Relu _ -> Activation.RELU;
                case LeakyRelu _ -> Activation.LEAKY_RELU;
                case Sigmoid _ -> Activation.SIGMOID;
                default -> null;
              };
          return f != null && maker.op() instanceof Convolution product
              ? new FoldedActivation(product, f)
              : null;
        });
  }

  /// A convolution that only an Add reads adds itself to the other summand.
  static List<Graph.Entry> summedConvolution(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker.op() instanceof Convolution product
                    && reader.op() instanceof Add sum
                    && sum.other(maker.output()) != null
                ? new SummedConvolution(product, sum.other(maker.output()), sum.label())
                : null);
  }

  /// A Clip does nothing in training: its maker takes its place.
  static List<Graph.Entry> idleClip(List<Graph.Entry> tape) {
    return merged(tape, (maker, reader) -> reader.op() instanceof Clip ? maker.op() : null);
  }

  /// Replaces two entries by one in the place of the second, where that is the only reader of the
  /// first.
  ///
  /// @param pair the op that does the work of maker and reader; null where they stay two
  private static List<Graph.Entry> merged(
      List<Graph.Entry> tape, BiFunction<Graph.Entry, Graph.Entry, Op> pair) {
    List<Graph.Entry> entries = new ArrayList<>();
    for (Graph.Entry reader : tape) {
      Graph.Entry last = reader;
      for (Value input : reader.op().inputs()) {
        Graph.Entry maker = maker(entries, input);
        Op both = maker != null && onlyReader(tape, input) ? pair.apply(maker, reader) : null;
        if (both != null) {
          entries.remove(maker);
          last = new Graph.Entry(both, reader.output());
          break;
        }
      }
      entries.add(last);
    }
    return entries;
  }

  /// A bias in front of a training-mode BatchNorm has the gradient 0, because the norm takes every
  /// mean away. Not computing it also keeps rounding noise out of Adam.
  static List<Graph.Entry> idleBias(List<Graph.Entry> tape) {
    List<Graph.Entry> idle = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      Op op = entry.op();
      if (onlyReader(tape, entry.output()) && reader(tape, entry.output()) instanceof BatchNorm) {
        op = op instanceof Convolution product ? product.withoutBiasGradient() : op;
      }
      idle.add(new Graph.Entry(op, entry.output()));
    }
    return idle;
  }

  private static boolean onlyReader(List<Graph.Entry> tape, Value value) {
    return tape.stream().filter(entry -> entry.op().inputs().contains(value)).count() == 1;
  }

  private static Op reader(List<Graph.Entry> tape, Value value) {
    return tape.stream()
        .map(Graph.Entry::op)
        .filter(op -> op.inputs().contains(value))
        .findFirst()
        .orElseThrow();
  }

  private static Graph.Entry maker(List<Graph.Entry> tape, Value value) {
    return tape.stream().filter(entry -> entry.output() == value).findFirst().orElse(null);
  }
}
