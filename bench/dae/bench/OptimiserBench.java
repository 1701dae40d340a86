package dae.bench;

import dae.kernel.OptimiserKernels;
import dae.tensor.Shape;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Param;

/// Adam, its guard, clipping and the average of weights, on all filters of the model.
public class OptimiserBench extends MemoryBound {
  private static final Shape FILTERS =
      Shape.vector(
          Arrays.stream(LayerShapes.values()).mapToInt(layer -> layer.spec.w().size()).sum());

  /// A kernel and how many bytes it must move for each element.
  public enum Kernel {
    GUARD(FILTERS, 4),
    CLIP(FILTERS, 4),
    ADAM(FILTERS, 28),
    AVERAGE(FILTERS, 12);

    final Shape shape;
    final int bytes;

    Kernel(Shape shape, int bytes) {
      this.shape = shape;
      this.bytes = bytes;
    }
  }

  @Param public Kernel kernel;

  @Override
  Shape shape() {
    return kernel.shape;
  }

  @Override
  int bytes() {
    return kernel.bytes;
  }

  @Override
  void run(Operands o) {
    OptimiserKernels optimiser = o.backend.optimiser();
    switch (kernel) {
      case GUARD -> optimiser.guard(o.a, o.loss);
      // The usual case: the norm is small enough.
      case CLIP -> optimiser.clip(o.a, Float.MAX_VALUE);
      case ADAM ->
          optimiser.adam(o.out, o.a, o.moment, o.square, 1e-3f, 0.9f, 0.999f, 1e-7f, o.loss);
      case AVERAGE -> optimiser.average(o.out, o.a, 0.999f);
    }
  }
}
