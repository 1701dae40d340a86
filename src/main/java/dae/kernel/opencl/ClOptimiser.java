package dae.kernel.opencl;

import dae.kernel.OptimiserKernels;
import dae.tensor.Tensor;

/// What makes new weights from old ones, on a device, `kernels/optimiser.cl`.
final class ClOptimiser implements OptimiserKernels {
  private static final int GROUP = 256;

  /// A gradient's squares are summed by at most this many groups, whose sums every group adds up.
  private static final int PARTS = GROUP;

  private final ClContext context;
  private ClStorage parts;

  ClOptimiser(ClContext context) {
    this.context = context;
  }

  private Kernel kernel(String name) {
    return context.kernel("optimiser.cl", "", "optimiser_" + name);
  }

  @Override
  public void guard(Tensor gradients, Tensor loss) {
    int count = gradients.shape().size();
    kernel("guard").numbers(count).vector(gradients).vector(loss).over(count);
  }

  @Override
  public void clip(Tensor gradients, float most) {
    int count = gradients.shape().size();
    int run = Math.ceilDiv(count, GROUP * PARTS);
    int groups = Math.ceilDiv(count, GROUP * run);
    if (parts == null) {
      parts = context.floats(PARTS);
    }
    Kernel first = kernel("squares").numbers(count, run).vector(gradients);
    first.buffer(parts).groups(new long[] {groups}, GROUP);
    Kernel second = kernel("clip").numbers(count, groups).number(most);
    second.buffer(parts).vector(gradients).groups(new long[] {Math.ceilDiv(count, GROUP)}, GROUP);
  }

  @Override
  public void adam(
      Tensor w,
      Tensor g,
      Tensor m,
      Tensor v,
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      Tensor loss) {
    int count = w.shape().size();
    Kernel kernel = kernel("adam").numbers(count).number(rate).number(beta1).number(beta2);
    kernel.number(epsilon).vector(w).vector(g).vector(m).vector(v).vector(loss).over(count);
    // The end of a step: some drivers begin only when they are told to.
    context.flush();
  }

  @Override
  public void average(Tensor average, Tensor value, float keep) {
    int count = average.shape().size();
    kernel("average").numbers(count).number(keep).vector(average).vector(value).over(count);
  }
}
