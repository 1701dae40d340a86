package dae.spark;

import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.tensor.Tensor;
import dae.train.GradientExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Makes one step of what N ranks found for their shares of a batch.
///
/// With nᵣ images in rank r's share, gradients, moving statistics and loss become
///
///     v = (Σᵣ nᵣ·vᵣ) / Σᵣ nᵣ
///
/// the sum by a [Ring], in which the counts travel too. Gradient and loss are means over the batch's
/// images, so that is what one machine would have found, but for rounding. Of a network with batch
/// norm it is not: each rank normalises by the statistics of its own share, and the moving averages
/// are averaged.
final class RingExchange implements GradientExchange {
  /// Floats that a double is the sum of, to the bit.
  private static final int PARTS = 3;

  private final Backend backend;
  private Ring ring;
  private float[] vector = new float[0];

  RingExchange(Backend backend) {
    this.backend = backend;
  }

  /// Before the first step.
  ///
  /// @param newRing for vectors of [#length]
  void join(Ring newRing) {
    ring = newRing;
  }

  /// Floats that are exchanged after a validation, two numbers for each image.
  static int length(int images) {
    return Math.multiplyExact(2 * PARTS, images);
  }

  /// Floats that are exchanged in a step.
  static int length(Parameters parameters) {
    return length(parameters.gradients().shape().size(), parameters.statistics().shape().size());
  }

  private static int length(int gradients, int statistics) {
    return Math.addExact(Math.addExact(gradients, statistics), 2);
  }

  @Override
  public void sum(Tensor gradients, Tensor statistics, Tensor loss, int images) {
    int g = gradients.shape().size();
    int s = statistics.shape().size();
    int length = length(g, s);
    if (vector.length != length) {
      vector = new float[length];
    }
    if (images == 0) {
      Arrays.fill(vector, 0);
    } else {
      backend.download(gradients, 1, vector, 0);
      backend.download(statistics, 1, vector, g);
      backend.download(loss, 1, vector, g + s);
      for (int i = 0; i <= g + s; i++) {
        vector[i] *= images;
      }
      vector[g + s + 1] = images;
    }
    sum(vector);
    float all = vector[g + s + 1];
    for (int i = 0; i <= g + s; i++) {
      vector[i] /= all;
    }
    backend.upload(vector, 0, gradients, 1);
    backend.upload(vector, g, statistics, 1);
    backend.upload(vector, g + s, loss, 1);
  }

  /// What is 0 in all ranks but one comes out of the sum as it was.
  @Override
  public void gather(double[] found) {
    float[] parts = new float[Math.multiplyExact(PARTS, found.length)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = (float) found[i / PARTS];
      found[i / PARTS] -= parts[i];
    }
    sum(parts);
    Arrays.fill(found, 0);
    for (int i = 0; i < parts.length; i++) {
      found[i / PARTS] += parts[i];
    }
  }

  private void sum(float[] values) {
    try {
      ring.sum(values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
