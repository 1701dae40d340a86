package dae.inspect;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.op.Add;
import dae.op.Concat;
import dae.op.Conv2d;
import dae.op.ConvTranspose2d;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network's skips cut off: where what came up from below meets a map from the way down, that map
/// is replaced by its mean in each channel, so that only the bottleneck still says where things
/// are.
final class CutSkips {
  /// A meeting with one side replaced.
  ///
  /// @param meeting a [Concat] or an [Add]
  /// @param up which input came up
  /// @param means of the other
  private record Cut(Op meeting, int up, float[] means) implements Op {
    @Override
    public String label() {
      return meeting.label() + " without its skip";
    }

    @Override
    public List<Value> inputs() {
      return List.of(meeting.inputs().get(up));
    }

    @Override
    public Shape output() {
      return meeting.output();
    }

    @Override
    public Keeps keeps() {
      return Keeps.NOTHING;
    }

    @Override
    public void forward(Step s) {
      boolean sum = meeting instanceof Add;
      int channels = inputs().getFirst().shape().c();
      int skip = sum || up == 1 ? 0 : channels;
      for (int c = 0; c < means.length; c++) {
        s.data().constant(s.n(), means[c], s.out().slice(skip + c, 1));
      }
      Tensor to = sum ? s.out() : s.out().slice(up == 0 ? 0 : means.length, channels);
      s.map().copy(s.n(), s.in(0), to, sum ? Write.ADD : Write.SET);
    }

    @Override
    public void backward(Step s) {
      throw new IllegalStateException(
          label() + ": expected an inference plan, got a training one — cut no skips in it");
    }
  }

  private CutSkips() {}

  /// The maps that are skips, in the order of their meetings.
  static List<Value> skips(List<Graph.Entry> tape) {
    List<Value> skips = new ArrayList<>();
    for (Graph.Entry entry : tape) {
      up(tape, entry).ifPresent(up -> skips.add(entry.op().inputs().get(1 - up)));
    }
    return skips;
  }

  /// Cuts those of which the means are given.
  ///
  /// @param means of each channel of a skip
  static List<Graph.Entry> rewrite(List<Graph.Entry> tape, Map<Value, float[]> means) {
    return tape.stream()
        .map(entry ->
            up(tape, entry)
                .filter(up -> means.containsKey(entry.op().inputs().get(1 - up)))
                .map(up -> {
                  float[] of = means.get(entry.op().inputs().get(1 - up));
                  return new Graph.Entry(new Cut(entry.op(), up, of), entry.output());
                })
                .orElse(entry))
        .toList();
  }

  /// Which input came up by a transposed convolution, where exactly one did. Where the noise is
  /// added to the image is no such meeting: a skip there is the image itself.
  private static Optional<Integer> up(List<Graph.Entry> tape, Graph.Entry entry) {
    Op op = entry.op();
    if (!(op instanceof Concat || op instanceof Add)
        || tape.stream().noneMatch(e -> e.output() == op.inputs().get(0))
        || tape.stream().noneMatch(e -> e.output() == op.inputs().get(1))) {
      return Optional.empty();
    }
    boolean first = cameUp(tape, op.inputs().get(0));
    boolean second = cameUp(tape, op.inputs().get(1));
    return first == second ? Optional.empty() : Optional.of(first ? 0 : 1);
  }

  private static boolean cameUp(List<Graph.Entry> tape, Value value) {
    Value at = value;
    while (true) {
      Value here = at;
      Op op =
          tape.stream()
              .filter(e -> e.output() == here)
              .map(Graph.Entry::op)
              .findFirst()
              .orElse(null);
      if (op instanceof ConvTranspose2d up) {
        return up.spec().stride() > 1;
      }
      if (op == null || op.inputs().size() != 1 || op instanceof Conv2d) {
        return false;
      }
      at = op.inputs().getFirst();
    }
  }
}
