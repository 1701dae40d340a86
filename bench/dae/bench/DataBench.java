package dae.bench;

import dae.kernel.DataKernels;
import dae.tensor.Shape;
import org.openjdk.jmh.annotations.Param;

/// Pixels, noise and a constant, on images.
public class DataBench extends MemoryBound {
  /// A kernel and how many bytes it must move for each element.
  public enum Kernel {
    PIXELS(IMAGE, 5),
    NOISE(IMAGE, 8),
    CONSTANT(IMAGE, 4);

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
    DataKernels data = o.backend.data();
    switch (kernel) {
      case PIXELS -> data.pixels(o.n, o.pixels, o.out);
      case NOISE -> data.noise(o.n, o.a, 1, 1, o.images, 0.1f, o.out);
      case CONSTANT -> data.constant(o.n, 0.1f, o.out);
    }
  }
}
