package dae.op;

import dae.graph.Op;
import dae.graph.Step;
import dae.graph.Value;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;

/// **Slice of the channels**, the reverse of [Concat].
///
/// *In words.* Some of the maps that one layer made go one way and the rest another.
///
/// *Shapes.* x: N×H×W×C, y: N×H×W×K, the channels F to F + K − 1 of x.
///
/// *Forward.* `y = x[…, F…F+K−1]`
///
/// *Backward.* A channel that is left out has no part in y, so
///
///     dx[…, F…F+K−1] = dy     dx = 0 elsewhere
///
/// *Keeps* nothing. *Costs* one read and one write each way, and the zeros where this is the first
/// to write dx.
///
/// *Runs* in [dae.kernel.MapKernels#copy] and [dae.kernel.DataKernels#constant] (`ScalarMap`, `ScalarData`), on a device
/// `map_copy` of `kernels/map.cl` and `data_constant` of `kernels/data.cl`. *Proved* by `SliceTest`
/// (central differences, fan-out).
public final class Slice implements Op {
  private final String label;
  private final Value x;
  private final int from;
  private final int channels;

  private Slice(String label, Value x, int from, int channels) {
    this.label = label;
    this.x = x;
    this.from = from;
    this.channels = channels;
  }

  /// Records a slice.
  ///
  /// @param x N×H×W×C
  /// @param from its first channel
  /// @param channels how many, at least 1
  /// @return N×H×W×channels
  public static Value slice(String label, Value x, int from, int channels) {
    Check.image(label, x.shape());
    Check.that(
        from >= 0 && channels >= 1 && from + channels <= x.shape().c(),
        label,
        "channels within the %d of %s".formatted(x.shape().c(), x),
        channels + " from " + from + " on",
        "ask for others");
    return x.graph().add(new Slice(label, x, from, channels));
  }

  /// Its first channel.
  public int from() {
    return from;
  }

  @Override
  public void forward(Step s) {
    s.map().copy(s.n(), s.in(0).slice(from, channels), s.out(), Write.SET);
  }

  @Override
  public void backward(Step s) {
    if (s.wants(0)) {
      Tensor dx = s.gradIn(0);
      int end = from + channels;
      if (s.write(0) == Write.SET && from > 0) {
        s.data().constant(s.n(), 0, dx.slice(0, from));
      }
      if (s.write(0) == Write.SET && end < x.shape().c()) {
        s.data().constant(s.n(), 0, dx.slice(end, x.shape().c() - end));
      }
      s.map().copy(s.n(), s.gradOut(), dx.slice(from, channels), s.write(0));
    }
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Value> inputs() {
    return List.of(x);
  }

  @Override
  public Shape output() {
    return Shape.image(x.shape().h(), x.shape().w(), channels);
  }

  @Override
  public Keeps keeps() {
    return Keeps.NOTHING;
  }

  @Override
  public long flops() {
    return 0;
  }
}
