package dae.kernel.opencl;

import static dae.kernel.opencl.Kernel.count;

import dae.kernel.PixelKernels;
import dae.kernel.Write;
import dae.tensor.Tensor;

/// Pixels and their single values on a device, `kernels/pixel.cl`.
final class ClPixel implements PixelKernels {
  private final ClContext context;
  private final ClMap map;

  ClPixel(ClContext context, ClMap map) {
    this.context = context;
    this.map = map;
  }

  private Kernel kernel(String name) {
    return context.kernel("pixel.cl", ClMap.OPTIONS, "pixel_" + name);
  }

  private static int pixels(int n, Tensor x) {
    return n * x.shape().pixels();
  }

  @Override
  public void blend(int n, Tensor x, Tensor m, Tensor r, Tensor y) {
    Kernel kernel = kernel("blend").numbers(pixels(n, x), x.shape().c());
    kernel.image(x).image(m).image(r).image(y).over(pixels(n, x));
  }

  @Override
  public void scale(int n, Tensor m, Tensor x, Tensor y, Write write) {
    Kernel kernel = kernel("scale").numbers(pixels(n, x), x.shape().c(), ClMap.add(write));
    kernel.image(m).image(x).image(y).over(pixels(n, x));
  }

  @Override
  public void dot(int n, Tensor a, Tensor b, Tensor y, Write write) {
    Kernel kernel = kernel("dot").numbers(pixels(n, a), a.shape().c(), ClMap.add(write));
    kernel.image(a).image(b).image(y).over(pixels(n, a));
  }

  @Override
  public void absoluteError(int n, Tensor prediction, Tensor target, Tensor loss) {
    int pixels = pixels(n, prediction);
    int run = ClMap.run(pixels);
    int groups = ClMap.groups(pixels);
    Kernel kernel = kernel("absolute_error_parts").numbers(pixels, prediction.shape().c(), run);
    kernel.image(prediction).image(target).buffer(map.parts());
    kernel.groups(new long[] {groups}, ClMap.GROUP);
    map.mean(groups, count(n, prediction.shape()), loss, Write.SET);
  }

  @Override
  public void absoluteErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    int pixels = pixels(n, prediction);
    Kernel kernel = kernel("absolute_error_backward");
    kernel.numbers(pixels, prediction.shape().c(), ClMap.add(write));
    kernel.number((float) (1 / (double) count(n, prediction.shape())));
    kernel.image(prediction).image(target).image(dPrediction).over(pixels);
  }

  /// A group sums up every [ClMap#MOST_PARTS]th image.
  @Override
  public void psnrError(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor loss, Write write) {
    int groups = Math.min(n, ClMap.MOST_PARTS);
    Kernel kernel = kernel("psnr_error_parts").numbers(n, prediction.shape().pixels());
    kernel.numbers(prediction.shape().c()).number(epsilon).image(prediction).image(target);
    kernel.buffer(map.parts()).groups(new long[] {groups}, ClMap.GROUP);
    map.mean(groups, n, loss, write);
  }

  @Override
  public void psnrErrorBackward(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor dPrediction, Write write) {
    Kernel kernel = kernel("psnr_error_backward");
    kernel.numbers(prediction.shape().pixels(), prediction.shape().c(), ClMap.add(write));
    kernel.number((float) (2 / (double) count(n, prediction.shape()))).number(epsilon);
    kernel.image(prediction).image(target).image(dPrediction);
    kernel.groups(new long[] {n}, ClMap.GROUP);
  }
}
