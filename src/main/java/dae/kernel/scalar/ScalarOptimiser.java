package dae.kernel.scalar;

import dae.kernel.OptimiserKernels;
import dae.tensor.Tensor;

/// What makes new weights from old ones, as [OptimiserKernels] states it.
final class ScalarOptimiser implements OptimiserKernels {
  @Override
  public void guard(Tensor gradients, Tensor loss) {
    for (int i = 0; i < gradients.shape().size(); i++) {
      if (!Float.isFinite(gradients.floats()[gradients.offset() + i])) {
        loss.floats()[loss.offset()] = Float.NaN;
      }
    }
  }

  @Override
  public void clip(Tensor gradients, float most) {
    double sum = 0;
    for (int i = 0; i < gradients.shape().size(); i++) {
      double gradient = gradients.floats()[gradients.offset() + i];
      sum += gradient * gradient;
    }
    double norm = Math.sqrt(sum);
    for (int i = 0; i < gradients.shape().size() && norm > most; i++) {
      gradients.floats()[gradients.offset() + i] *= (float) (most / norm);
    }
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
    if (!Float.isFinite(loss.floats()[loss.offset()])) {
      return;
    }
    float[] W = w.floats(), G = g.floats(), MM = m.floats(), V = v.floats();
    for (int i = 0; i < w.shape().size(); i++) {
      float gradient = G[g.offset() + i];
      float mean = MM[m.offset() + i];
      float square = V[v.offset() + i];
      mean += (gradient - mean) * (1 - beta1);
      square += (gradient * gradient - square) * (1 - beta2);
      MM[m.offset() + i] = mean;
      V[v.offset() + i] = square;
      W[w.offset() + i] -= rate * mean / ((float) Math.sqrt(square) + epsilon);
    }
  }

  @Override
  public void average(Tensor average, Tensor value, float keep) {
    float[] A = average.floats();
    for (int i = 0; i < average.shape().size(); i++) {
      float b = value.floats()[value.offset() + i];
      A[average.offset() + i] = (A[average.offset() + i] - b) * keep + b;
    }
  }
}
