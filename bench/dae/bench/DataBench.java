package dae.bench;

import dae.kernel.DataKernels;
import dae.random.Key;
import dae.tensor.Shape;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Param;

/// Pixels, noises and constants, on images.
public class DataBench extends MemoryBound {
  /// A kernel and how many bytes it must move for each element.
  public enum Kernel {
    PIXELS(IMAGE, 5),
    GAUSSIAN(IMAGE, 8),
    POISSON_10(IMAGE, 8),
    POISSON_1000(IMAGE, 8),
    SALT_PEPPER(IMAGE, 8),
    CONSTANT(IMAGE, 4),
    LEVELS(IMAGE, 4);

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
    Key key = new Key(1, 1, o.images, 0);
    float[] levels = new float[o.n];
    Arrays.fill(levels, 0.1f);
    switch (kernel) {
      case PIXELS -> data.pixels(o.n, o.pixels, o.out);
      case GAUSSIAN -> data.gaussian(o.n, o.a, key, levels, o.out);
      case POISSON_10 -> data.poisson(o.n, o.a, key, 10, o.out);
      case POISSON_1000 -> data.poisson(o.n, o.a, key, 1000, o.out);
      case SALT_PEPPER -> data.saltPepper(o.n, o.a, key, 0.1f, o.out);
      case CONSTANT -> data.constant(o.n, 0.1f, o.out);
      case LEVELS -> data.levels(o.n, levels, o.out);
    }
  }
}
