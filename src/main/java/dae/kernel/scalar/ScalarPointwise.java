package dae.kernel.scalar;

import dae.kernel.Exp;
import dae.kernel.PointwiseKernels;
import dae.kernel.Write;
import dae.random.Normals;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Maps from number to number, as [PointwiseKernels] states them.
final class ScalarPointwise implements PointwiseKernels {
  @FunctionalInterface
  private interface Map1 {
    float of(float a);
  }

  @FunctionalInterface
  private interface Map2 {
    float of(float a, float b);
  }

  @Override
  public void relu(int n, Tensor x, Tensor y) {
    map(n, x, y, Write.SET, a -> Math.max(a, 0));
  }

  @Override
  public void reluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(n, y, dy, dx, write, (a, d) -> a > 0 ? d : 0);
  }

  @Override
  public void sigmoid(int n, Tensor x, Tensor y) {
    map(n, x, y, Write.SET, Exp::sigmoid);
  }

  @Override
  public void sigmoidBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(n, y, dy, dx, write, (a, d) -> d * a * (1 - a));
  }

  @Override
  public void copy(int n, Tensor x, Tensor y, Write write) {
    map(n, x, y, write, a -> a);
  }

  @Override
  public void meanSquaredError(int n, Tensor prediction, Tensor target, Tensor loss) {
    Shape shape = prediction.shape();
    double sum = 0;
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        double difference =
            (double) prediction.floats()[at(prediction, m, c)] - target.floats()[at(target, m, c)];
        sum += difference * difference;
      }
    }
    loss.floats()[loss.offset()] = (float) (sum / ((double) n * shape.size()));
  }

  @Override
  public void meanSquaredErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    float factor = (float) (2 / ((double) n * prediction.shape().size()));
    map(n, prediction, target, dPrediction, write, (p, t) -> factor * (p - t));
  }

  @Override
  public void pixels(int n, byte[] bytes, Tensor clean) {
    Shape shape = clean.shape();
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        clean.floats()[at(clean, m, c)] = (bytes[m * shape.c() + c] & 0xFF) / 255f;
      }
    }
  }

  @Override
  public void noise(
      int n, Tensor clean, long seed, int epoch, int[] images, float sigma, Tensor noisy) {
    Shape shape = clean.shape();
    float[] normals = new float[shape.size()];
    for (int i = 0; i < n; i++) {
      Normals.fill(seed, epoch, images[i], shape.size(), normals, 0);
      for (int p = 0; p < shape.pixels(); p++) {
        for (int c = 0; c < shape.c(); c++) {
          int m = i * shape.pixels() + p;
          float value =
              Math.fma(sigma, normals[p * shape.c() + c], clean.floats()[at(clean, m, c)]);
          noisy.floats()[at(noisy, m, c)] = Math.max(0, Math.min(1, value));
        }
      }
    }
  }

  @Override
  public void guard(Tensor gradients, Tensor loss) {
    for (int i = 0; i < gradients.shape().size(); i++) {
      if (!Float.isFinite(gradients.floats()[gradients.offset() + i])) {
        loss.floats()[loss.offset()] = Float.NaN;
      }
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
    map(1, average, value, average, Write.SET, (a, b) -> (a - b) * keep + b);
  }

  private static void map(int n, Tensor a, Tensor to, Write write, Map1 f) {
    map(n, a, a, to, write, (x, same) -> f.of(x));
  }

  private static void map(int n, Tensor a, Tensor b, Tensor to, Write write, Map2 f) {
    Shape shape = a.shape();
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        float value = f.of(a.floats()[at(a, m, c)], b.floats()[at(b, m, c)]);
        int at = at(to, m, c);
        to.floats()[at] = write == Write.SET ? value : to.floats()[at] + value;
      }
    }
  }

  /// Channel c of pixel m, counted over the whole batch.
  private static int at(Tensor t, int m, int c) {
    return t.offset() + m * t.pitch() + c;
  }
}
