package dae.kernel.scalar;

import dae.kernel.Activation;
import dae.kernel.Exp;
import dae.kernel.MapKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Maps, element by element, as [MapKernels] states them.
final class ScalarMap implements MapKernels {
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
  public void leakyRelu(int n, Tensor x, Tensor y) {
    map(n, x, y, Write.SET, a -> a > 0 ? a : Activation.SLOPE * a);
  }

  @Override
  public void leakyReluBackward(int n, Tensor y, Tensor dy, Tensor dx, Write write) {
    map(n, y, dy, dx, write, (a, d) -> a > 0 ? d : Activation.SLOPE * d);
  }

  @Override
  public void add(int n, Tensor a, Tensor b, Tensor y) {
    map(n, a, b, y, Write.SET, Float::sum);
  }

  @Override
  public void clip(int n, Tensor x, Tensor y) {
    map(n, x, y, Write.SET, a -> Math.max(0, Math.min(1, a)));
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
  public void crossEntropy(int n, Tensor logits, Tensor target, Tensor loss, Write write) {
    Shape shape = logits.shape();
    double sum = 0;
    for (int m = 0; m < n * shape.pixels(); m++) {
      for (int c = 0; c < shape.c(); c++) {
        double z = logits.floats()[at(logits, m, c)];
        double t = target.floats()[at(target, m, c)];
        sum += Math.max(z, 0) - z * t + Math.log1p(Math.exp(-Math.abs(z)));
      }
    }
    float value = (float) (sum / ((double) n * shape.size()));
    float[] to = loss.floats();
    to[loss.offset()] = write == Write.SET ? value : to[loss.offset()] + value;
  }

  @Override
  public void crossEntropyBackward(
      int n, Tensor logits, Tensor target, Tensor dLogits, Write write) {
    float factor = (float) (1 / ((double) n * logits.shape().size()));
    map(n, logits, target, dLogits, write, (z, t) -> factor * (Exp.sigmoid(z) - t));
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
