package dae.kernel.simd;

import dae.kernel.PixelKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Pixels and their single values: plain loops, shared among the threads. The three channels of an
/// image are too few for a vector, and next to a network's thousands of multiply-adds for a pixel
/// these dozen cost nothing.
final class SimdPixel implements PixelKernels {
  /// Pixels of a piece.
  private static final int CHUNK = 4_096;

  private final Workers workers;
  private final Workers.Task blend = this::blend;
  private final Workers.Task scale = this::scale;
  private final Workers.Task dot = this::dot;
  private final Workers.Task absoluteError = this::absoluteError;
  private final Workers.Task absoluteErrorBackward = this::absoluteErrorBackward;
  private final Workers.Task psnrError = this::psnrError;
  private final Workers.Task psnrErrorBackward = this::psnrErrorBackward;
  private double[] partial = new double[0];

  private Tensor a;
  private Tensor b;
  private Tensor m;
  private Tensor to;
  private boolean adds;
  private float factor;
  private float epsilon;
  private int pixels;
  private int channels;

  SimdPixel(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void blend(int n, Tensor x, Tensor m, Tensor r, Tensor y) {
    workers.run(cut(n, x, r, m, y, Write.SET), blend);
  }

  @Override
  public void scale(int n, Tensor m, Tensor x, Tensor y, Write write) {
    workers.run(cut(n, x, x, m, y, write), scale);
  }

  @Override
  public void dot(int n, Tensor a, Tensor b, Tensor y, Write write) {
    workers.run(cut(n, a, b, null, y, write), dot);
  }

  @Override
  public void absoluteError(int n, Tensor prediction, Tensor target, Tensor loss) {
    double sum = sum(cut(n, prediction, target, null, null, Write.SET), absoluteError);
    loss.floats()[loss.offset()] = (float) (sum / ((double) n * prediction.shape().size()));
  }

  @Override
  public void absoluteErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    factor = (float) (1 / ((double) n * prediction.shape().size()));
    workers.run(cut(n, prediction, target, null, dPrediction, write), absoluteErrorBackward);
  }

  /// A piece is an image here and in what belongs to it.
  @Override
  public void psnrError(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor loss, Write write) {
    this.epsilon = epsilon;
    cut(n, prediction, target, null, null, Write.SET);
    float value = (float) (sum(n, psnrError) / n);
    float[] to = loss.floats();
    to[loss.offset()] = write == Write.SET ? value : to[loss.offset()] + value;
  }

  @Override
  public void psnrErrorBackward(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor dPrediction, Write write) {
    this.epsilon = epsilon;
    cut(n, prediction, target, null, dPrediction, write);
    workers.run(n, psnrErrorBackward);
  }

  /// Of what a task leaves in [#partial], in the order of the pieces.
  private double sum(int pieces, Workers.Task task) {
    if (partial.length < pieces) {
      partial = new double[pieces];
    }
    workers.run(pieces, task);
    double sum = 0;
    for (int piece = 0; piece < pieces; piece++) {
      sum += partial[piece];
    }
    return sum;
  }

  /// Remembers the operands: how many pieces there are.
  private int cut(int n, Tensor a, Tensor b, Tensor m, Tensor to, Write write) {
    this.a = a;
    this.b = b;
    this.m = m;
    this.to = to;
    adds = write == Write.ADD;
    Shape shape = a.shape();
    pixels = n * shape.pixels();
    channels = shape.c();
    return Math.ceilDiv(pixels, CHUNK);
  }

  private int end(int piece) {
    return Math.min(pixels, (piece + 1) * CHUNK);
  }

  private static int at(Tensor t, int pixel) {
    return t.offset() + pixel * t.pitch();
  }

  private void blend(int piece, int worker) {
    float[] X = a.floats(), R = b.floats(), M = m.floats(), Y = to.floats();
    for (int i = piece * CHUNK; i < end(piece); i++) {
      int x = at(a, i), r = at(b, i), y = at(to, i);
      float value = M[at(m, i)];
      for (int c = 0; c < channels; c++) {
        Y[y + c] = X[x + c] + value * R[r + c];
      }
    }
  }

  private void scale(int piece, int worker) {
    float[] X = a.floats(), M = m.floats(), Y = to.floats();
    for (int i = piece * CHUNK; i < end(piece); i++) {
      int x = at(a, i), y = at(to, i);
      float value = M[at(m, i)];
      for (int c = 0; c < channels; c++) {
        float product = value * X[x + c];
        Y[y + c] = adds ? Y[y + c] + product : product;
      }
    }
  }

  private void dot(int piece, int worker) {
    float[] A = a.floats(), B = b.floats(), Y = to.floats();
    for (int i = piece * CHUNK; i < end(piece); i++) {
      int u = at(a, i), v = at(b, i), y = at(to, i);
      float sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += A[u + c] * B[v + c];
      }
      Y[y] = adds ? Y[y] + sum : sum;
    }
  }

  private void absoluteError(int piece, int worker) {
    float[] P = a.floats(), T = b.floats();
    double sum = 0;
    for (int i = piece * CHUNK; i < end(piece); i++) {
      int p = at(a, i), t = at(b, i);
      double pixel = 0;
      for (int c = 0; c < channels; c++) {
        pixel += Math.abs((double) P[p + c] - T[t + c]);
      }
      sum += pixel;
    }
    partial[piece] = sum;
  }

  private void absoluteErrorBackward(int piece, int worker) {
    float[] P = a.floats(), T = b.floats(), TO = to.floats();
    for (int i = piece * CHUNK; i < end(piece); i++) {
      int p = at(a, i), t = at(b, i), d = at(to, i);
      for (int c = 0; c < channels; c++) {
        float gradient = factor * Math.signum(P[p + c] - T[t + c]);
        TO[d + c] = adds ? TO[d + c] + gradient : gradient;
      }
    }
  }

  private void psnrError(int image, int worker) {
    partial[image] = Math.log1p(squaredError(image) / epsilon);
  }

  private void psnrErrorBackward(int image, int worker) {
    float[] P = a.floats(), T = b.floats(), TO = to.floats();
    int size = a.shape().pixels();
    float slope = (float) (2 / ((double) pixels * channels * (squaredError(image) + epsilon)));
    for (int i = image * size; i < (image + 1) * size; i++) {
      int p = at(a, i), t = at(b, i), d = at(to, i);
      for (int c = 0; c < channels; c++) {
        float gradient = slope * (P[p + c] - T[t + c]);
        TO[d + c] = adds ? TO[d + c] + gradient : gradient;
      }
    }
  }

  /// The mean squared error of one image.
  private double squaredError(int image) {
    float[] P = a.floats(), T = b.floats();
    int size = a.shape().pixels();
    double sum = 0;
    for (int i = image * size; i < (image + 1) * size; i++) {
      int p = at(a, i), t = at(b, i);
      double pixel = 0;
      for (int c = 0; c < channels; c++) {
        double difference = (double) P[p + c] - T[t + c];
        pixel += difference * difference;
      }
      sum += pixel;
    }
    return sum / a.shape().size();
  }
}
