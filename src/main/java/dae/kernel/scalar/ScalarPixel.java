package dae.kernel.scalar;

import dae.kernel.PixelKernels;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;

/// Pixels and their single values, as [PixelKernels] states them.
final class ScalarPixel implements PixelKernels {
  @Override
  public void blend(int n, Tensor x, Tensor m, Tensor r, Tensor y) {
    Shape shape = x.shape();
    for (int i = 0; i < n * shape.pixels(); i++) {
      for (int c = 0; c < shape.c(); c++) {
        put(y, i, c, get(x, i, c) + get(m, i, 0) * get(r, i, c), Write.SET);
      }
    }
  }

  @Override
  public void scale(int n, Tensor m, Tensor x, Tensor y, Write write) {
    Shape shape = x.shape();
    for (int i = 0; i < n * shape.pixels(); i++) {
      for (int c = 0; c < shape.c(); c++) {
        put(y, i, c, get(m, i, 0) * get(x, i, c), write);
      }
    }
  }

  @Override
  public void dot(int n, Tensor a, Tensor b, Tensor y, Write write) {
    Shape shape = a.shape();
    for (int i = 0; i < n * shape.pixels(); i++) {
      double sum = 0;
      for (int c = 0; c < shape.c(); c++) {
        sum += (double) get(a, i, c) * get(b, i, c);
      }
      put(y, i, 0, (float) sum, write);
    }
  }

  @Override
  public void absoluteError(int n, Tensor prediction, Tensor target, Tensor loss) {
    Shape shape = prediction.shape();
    double sum = 0;
    for (int i = 0; i < n * shape.pixels(); i++) {
      for (int c = 0; c < shape.c(); c++) {
        sum += Math.abs((double) get(prediction, i, c) - get(target, i, c));
      }
    }
    loss.floats()[loss.offset()] = (float) (sum / ((double) n * shape.size()));
  }

  @Override
  public void absoluteErrorBackward(
      int n, Tensor prediction, Tensor target, Tensor dPrediction, Write write) {
    Shape shape = prediction.shape();
    float factor = (float) (1 / ((double) n * shape.size()));
    for (int i = 0; i < n * shape.pixels(); i++) {
      for (int c = 0; c < shape.c(); c++) {
        float sign = Math.signum(get(prediction, i, c) - get(target, i, c));
        put(dPrediction, i, c, factor * sign, write);
      }
    }
  }

  @Override
  public void psnrError(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor loss, Write write) {
    double sum = 0;
    for (int image = 0; image < n; image++) {
      sum += Math.log1p(squaredError(prediction, target, image) / epsilon);
    }
    float value = (float) (sum / n);
    float[] to = loss.floats();
    to[loss.offset()] = write == Write.SET ? value : to[loss.offset()] + value;
  }

  @Override
  public void psnrErrorBackward(
      int n, Tensor prediction, Tensor target, float epsilon, Tensor dPrediction, Write write) {
    Shape shape = prediction.shape();
    for (int image = 0; image < n; image++) {
      double error = squaredError(prediction, target, image);
      float factor = (float) (2 / ((double) n * shape.size() * (error + epsilon)));
      for (int i = image * shape.pixels(); i < (image + 1) * shape.pixels(); i++) {
        for (int c = 0; c < shape.c(); c++) {
          put(dPrediction, i, c, factor * (get(prediction, i, c) - get(target, i, c)), write);
        }
      }
    }
  }

  /// The mean squared error of one image.
  private static double squaredError(Tensor prediction, Tensor target, int image) {
    Shape shape = prediction.shape();
    double sum = 0;
    for (int i = image * shape.pixels(); i < (image + 1) * shape.pixels(); i++) {
      for (int c = 0; c < shape.c(); c++) {
        double difference = (double) get(prediction, i, c) - get(target, i, c);
        sum += difference * difference;
      }
    }
    return sum / shape.size();
  }

  /// Channel c of a pixel, counted over the whole batch.
  private static float get(Tensor t, int pixel, int c) {
    return t.floats()[t.offset() + pixel * t.pitch() + c];
  }

  private static void put(Tensor t, int pixel, int c, float value, Write write) {
    int at = t.offset() + pixel * t.pitch() + c;
    t.floats()[at] = write == Write.SET ? value : t.floats()[at] + value;
  }
}
