package dae.kernel.opencl;

import dae.kernel.OptimiserKernels;
import dae.tensor.Tensor;

/// What makes new weights from old ones, on a device, `kernels/optimiser.cl`.
final class ClOptimiser implements OptimiserKernels {
  private final ClContext context;

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
