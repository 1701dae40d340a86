package dae.op;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Op;
import dae.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/// Rewrites of the tape: fewer passes over memory, the same values. The model never mentions them,
/// and `FusionTest` holds every fused plan against the plain one.
public final class Fusion {
  /// What training uses.
  public static final Mode TRAINING =
      new Mode(true, List.of(Fusion::batchNormRelu, Fusion::idleBias));

  /// What inference uses.
  public static final Mode INFERENCE =
      new Mode(
          false, List.of(Fusion::batchNormRelu, Fusion::foldedBatchNorm, Fusion::foldedSigmoid));

  private Fusion() {}

  /// BatchNorm followed by nothing but a ReLU becomes one entry that makes the ReLU's output.
  static List<Graph.Entry> batchNormRelu(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker instanceof BatchNorm norm && reader instanceof Relu ? norm.withRelu() : null);
  }

  /// A convolution that only a BatchNorm reads becomes one entry with it. For inference alone.
  static List<Graph.Entry> foldedBatchNorm(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker instanceof Convolution product && reader instanceof BatchNorm norm
                ? new FoldedBatchNorm(product, norm)
                : null);
  }

  /// A convolution that only a Sigmoid reads becomes one entry with it. For inference alone.
  static List<Graph.Entry> foldedSigmoid(List<Graph.Entry> tape) {
    return merged(
        tape,
        (maker, reader) ->
            maker instanceof Convolution product && reader instanceof Sigmoid
                ? new FoldedSigmoid(product)
                : null);
  }

  /// Replaces two entries by one, where the second is the only reader of the first.
  ///
  /// @param pair the op that does the work of maker and reader; null where they stay two
  private static List<Graph.Entry> merged(List<Graph.Entry> tape, BinaryOperator<Op> pair) {
    List<Graph.Entry> entries = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      List<Value> inputs = entry.op().inputs();
      int at = inputs.size() == 1 ? position(entries, inputs.getFirst()) : -1;
      Op both =
          at >= 0 && onlyReader(tape, inputs.getFirst())
              ? pair.apply(entries.get(at).op(), entry.op())
              : null;
      if (both == null) {
        entries.add(entry);
      } else {
        entries.set(at, new Graph.Entry(both, entry.output()));
      }
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

  private static int position(List<Graph.Entry> tape, Value value) {
    for (int i = 0; i < tape.size(); i++) {
      if (tape.get(i).output() == value) {
        return i;
      }
    }
    return -1;
  }
}
