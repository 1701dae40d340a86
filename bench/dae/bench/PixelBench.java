package dae.bench;

import dae.kernel.PixelKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import org.openjdk.jmh.annotations.Param;

/// Images with one value for each pixel.
public class PixelBench extends MemoryBound {
  /// A kernel and how many bytes it must move for each element, a third of a value included.
  public enum Kernel {
    BLEND(13),
    SCALE(9),
    DOT(9),
    ABSOLUTE_ERROR(8),
    ABSOLUTE_ERROR_BACKWARD(12),
    PSNR_ERROR(8),
    PSNR_ERROR_BACKWARD(20);

    final int bytes;

    Kernel(int bytes) {
      this.bytes = bytes;
    }
  }

  @Param public Kernel kernel;

  @Override
  Shape shape() {
    return IMAGE;
  }

  @Override
  int bytes() {
    return kernel.bytes;
  }

  @Override
  void run(Operands o) {
    PixelKernels pixel = o.backend.pixel();
    switch (kernel) {
      case BLEND -> pixel.blend(o.n, o.a, o.mask, o.b, o.out);
      case SCALE -> pixel.scale(o.n, o.mask, o.a, o.out, Write.SET);
      case DOT -> pixel.dot(o.n, o.a, o.b, o.out.slice(0, 1), Write.SET);
      case ABSOLUTE_ERROR -> pixel.absoluteError(o.n, o.a, o.b, o.loss);
      case ABSOLUTE_ERROR_BACKWARD -> pixel.absoluteErrorBackward(o.n, o.a, o.b, o.out, Write.SET);
      case PSNR_ERROR -> pixel.psnrError(o.n, o.a, o.b, 1e-5f, o.loss, Write.SET);
      case PSNR_ERROR_BACKWARD -> pixel.psnrErrorBackward(o.n, o.a, o.b, 1e-5f, o.out, Write.SET);
    }
  }
}
