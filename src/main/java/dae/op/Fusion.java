package dae.op;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Rewrite;
import dae.graph.Value;
import java.util.ArrayList;
import java.util.List;

/// Rewrites of the tape: fewer passes over memory, the same values. The model never mentions them,
/// and `FusionTest` holds every fused plan against the plain one.
public final class Fusion {
  /// What training uses.
  public static final List<Rewrite> TRAINING = List.of(Fusion::batchNormRelu, Fusion::idleBias);

  /// What inference uses.
  public static final List<Rewrite> INFERENCE =
      List.of(Fusion::batchNormRelu, Fusion::foldedBatchNorm, Fusion::foldedSigmoid);

  private Fusion() {}

  /// BatchNorm followed by nothing but a ReLU becomes one entry that makes the ReLU's output.
  static List<Graph.Entry> batchNormRelu(List<Graph.Entry> tape) {
    List<Graph.Entry> fused = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      if (entry.op() instanceof Relu relu
          && onlyReader(tape, relu.inputs().getFirst())
          && maker(fused, relu.inputs().getFirst()) instanceof BatchNorm norm) {
        int at = position(fused, relu.inputs().getFirst());
        fused.set(at, new Graph.Entry(norm.withRelu(), entry.output()));
      } else {
        fused.add(entry);
      }
    }
    return fused;
  }

  /// A convolution that only a BatchNorm reads becomes one entry with it. For inference alone.
  static List<Graph.Entry> foldedBatchNorm(List<Graph.Entry> tape) {
    List<Graph.Entry> folded = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      if (entry.op() instanceof BatchNorm norm
          && onlyReader(tape, norm.inputs().getFirst())
          && maker(folded, norm.inputs().getFirst()) instanceof Convolution product) {
        int at = position(folded, norm.inputs().getFirst());
        folded.set(at, new Graph.Entry(new FoldedBatchNorm(product, norm), entry.output()));
      } else {
        folded.add(entry);
      }
    }
    return folded;
  }

  /// A convolution that only a Sigmoid reads becomes one entry with it. For inference alone.
  static List<Graph.Entry> foldedSigmoid(List<Graph.Entry> tape) {
    List<Graph.Entry> folded = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      if (entry.op() instanceof Sigmoid sigmoid
          && onlyReader(tape, sigmoid.inputs().getFirst())
          && maker(folded, sigmoid.inputs().getFirst()) instanceof Convolution product) {
        int at = position(folded, sigmoid.inputs().getFirst());
        folded.set(at, new Graph.Entry(new FoldedSigmoid(product), entry.output()));
      } else {
        folded.add(entry);
      }
    }
    return folded;
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

  private static Op maker(List<Graph.Entry> tape, Value value) {
    int at = position(tape, value);
    return at < 0 ? null : tape.get(at).op();
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
