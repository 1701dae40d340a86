package dae.kernel.scalar;

import dae.kernel.Activation;
import dae.kernel.ChannelKernels;
import dae.kernel.Norm;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Per-channel reductions and maps, as [ChannelKernels] states them.
final class ScalarChannel implements ChannelKernels {
  @Override
  public void prepare(Shape x, int capacity) {}

  @Override
  public void moments(int n, Tensor x, Tensor mean, Tensor variance) {
    int M = n * x.shape().pixels();
    for (int c = 0; c < x.shape().c(); c++) {
      double sum = 0;
      for (int m = 0; m < M; m++) {
        sum += get(x, m, c);
      }
      double mu = sum / M;
      double squares = 0;
      for (int m = 0; m < M; m++) {
        squares += (get(x, m, c) - mu) * (get(x, m, c) - mu);
      }
      set(mean, c, mu);
      set(variance, c, squares / M);
    }
  }

  @Override
  public void inverseDeviation(Tensor variance, float epsilon, Tensor r) {
    for (int c = 0; c < r.shape().c(); c++) {
      set(r, c, 1 / Math.sqrt((double) get(variance, c) + epsilon));
    }
  }

  @Override
  public void movingAverage(Tensor average, Tensor value, float momentum, float correction) {
    for (int c = 0; c < average.shape().c(); c++) {
      if (Float.isFinite(get(value, c))) {
        double fresh = (double) correction * get(value, c);
        set(average, c, fresh + momentum * (get(average, c) - fresh));
      }
    }
  }

  @Override
  public void fold(Norm norm, Tensor bias, Tensor scale, Tensor shift) {
    for (int c = 0; c < scale.shape().c(); c++) {
      double factor = (double) get(norm.gamma(), c) * get(norm.r(), c);
      set(scale, c, factor);
      set(shift, c, get(norm.beta(), c) + ((double) get(bias, c) - get(norm.mean(), c)) * factor);
    }
  }

  @Override
  public void normalize(int n, Tensor x, Norm norm, Tensor y) {
    for (int m = 0; m < n * x.shape().pixels(); m++) {
      for (int c = 0; c < x.shape().c(); c++) {
        double z = z(x, m, c, norm);
        y.floats()[at(y, m, c)] = (float) (norm.f() == Activation.RELU ? Math.max(z, 0) : z);
      }
    }
  }

  @Override
  public void normalizeGradients(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta) {
    for (int c = 0; c < x.shape().c(); c++) {
      double products = 0;
      double sum = 0;
      for (int m = 0; m < n * x.shape().pixels(); m++) {
        double dz = dz(x, m, c, norm, dy);
        products += dz * xHat(x, m, c, norm);
        sum += dz;
      }
      set(dgamma, c, products);
      set(dbeta, c, sum);
    }
  }

  @Override
  public void normalizeBackward(
      int n, Tensor x, Norm norm, Tensor dy, Tensor dgamma, Tensor dbeta, Tensor dx, Write write) {
    double M = n * x.shape().pixels();
    for (int m = 0; m < M; m++) {
      for (int c = 0; c < x.shape().c(); c++) {
        double dz = dz(x, m, c, norm, dy);
        double d =
            (double) get(norm.gamma(), c)
                * get(norm.r(), c)
                * (dz - get(dbeta, c) / M - xHat(x, m, c, norm) * get(dgamma, c) / M);
        float[] DX = dx.floats();
        int at = at(dx, m, c);
        DX[at] = write == Write.SET ? (float) d : (float) (DX[at] + d);
      }
    }
  }

  @Override
  public void sum(int n, Tensor x, Tensor sum) {
    for (int c = 0; c < x.shape().c(); c++) {
      double total = 0;
      for (int m = 0; m < n * x.shape().pixels(); m++) {
        total += get(x, m, c);
      }
      set(sum, c, total);
    }
  }

  private static double xHat(Tensor x, int m, int c, Norm norm) {
    return ((double) get(x, m, c) - get(norm.mean(), c)) * get(norm.r(), c);
  }

  /// What the activation is applied to.
  private static double z(Tensor x, int m, int c, Norm norm) {
    return get(norm.gamma(), c) * xHat(x, m, c, norm) + get(norm.beta(), c);
  }

  /// The gradient before the activation.
  private static double dz(Tensor x, int m, int c, Norm norm, Tensor dy) {
    boolean passes = norm.f() == Activation.IDENTITY || z(x, m, c, norm) > 0;
    return passes ? get(dy, m, c) : 0;
  }

  /// Channel c of pixel m, counted over the whole batch.
  private static float get(Tensor t, int m, int c) {
    return t.floats()[at(t, m, c)];
  }

  private static float get(Tensor vector, int c) {
    return vector.floats()[vector.offset() + c];
  }

  private static int at(Tensor t, int m, int c) {
    return t.offset() + m * t.pitch() + c;
  }

  private static void set(Tensor vector, int c, double value) {
    vector.floats()[vector.offset() + c] = (float) value;
  }
}
