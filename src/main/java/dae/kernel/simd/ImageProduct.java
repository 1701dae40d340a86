package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// A product that makes images: a convolution's forward pass (and so the transposed one's input
/// gradient), or a convolution's input gradient (and so the transposed one's forward pass).
/// "Source" is the image that is read, "target" the one that is made.
interface ImageProduct {
  /// Floats of the source that a piece walks over: 256 KB stay in the second-level cache while
  /// several classes and panels read them.
  int STRIP = 1 << 16;

  /// Floats of a cache line.
  int LINE = 16;

  /// Scratch, and room for the packed filter.
  Needs needs();

  /// target from source and filter; the epilogue's vectors have one value per target channel.
  void run(
      int n,
      Tensor source,
      Tensor w,
      Tensor target,
      Write write,
      Epilogue epilogue,
      Workspace workspace);

  /// Brings pixels into the second-level cache, if they fit. One after the other they come at the
  /// memory's bandwidth; the tile, which jumps from row to row, would wait for each.
  ///
  /// @return a value that the caller must store, or the compiler would drop the reads
  static float fetch(Tensor source, int from, int to) {
    int channels = source.shape().c();
    float sum = 0;
    if ((long) (to - from) * channels <= 2 * STRIP) {
      float[] x = source.floats();
      int step = source.isDense() ? to - from : 1;
      for (int pixel = from; pixel < to; pixel += step) {
        int at = source.offset() + pixel * source.pitch();
        for (int i = at; i < at + step * channels; i += LINE) {
          sum += x[i];
        }
      }
    }
    return sum;
  }

  /// An epilogue's values for the channels from c on.
  static FloatVector channels(Tensor vector, int c, float absent, VectorMask<Float> inside) {
    return vector == null
        ? FloatVector.broadcast(F, absent)
        : FloatVector.fromArray(F, vector.floats(), vector.offset() + c, inside);
  }

  /// The same where all of a vector's channels exist.
  static FloatVector channels(Tensor vector, int c, float absent) {
    return vector == null
        ? FloatVector.broadcast(F, absent)
        : FloatVector.fromArray(F, vector.floats(), vector.offset() + c);
  }

  /// A sum under the epilogue: `f(scale·sum + bias)`, but for the sigmoid, which is a pass of its
  /// own.
  static FloatVector finished(FloatVector sum, FloatVector scale, FloatVector bias, Activation f) {
    FloatVector v = sum.fma(scale, bias);
    return switch (f) {
      case IDENTITY, SIGMOID -> v;
      case RELU -> v.blend(0, v.compare(VectorOperators.LE, 0));
      case LEAKY_RELU -> v.blend(v.mul(Activation.SLOPE), v.compare(VectorOperators.LE, 0));
    };
  }

  /// [Winograd4Image] and [WinogradImage] where they apply; else the cheaper of two ways to fill a
  /// panel's columns, with output channels ([DirectImage]) or with taps and output channels
  /// together ([NarrowImage]).
  static ImageProduct of(Conv2dSpec s, Pass pass, Workers workers) {
    if (Winograd4.suits(s) || PixelShuffle.suits(s)) {
      return new Winograd4Image(s, pass, workers);
    }
    if (WinogradImage.suits(s)) {
      return new WinogradImage(s, pass, workers);
    }
    boolean forward = pass == Pass.FORWARD;
    List<PixelClasses.PixelClass> classes = PixelClasses.of(s, pass);
    int channels = forward ? s.oc() : s.ic();
    int sourcePixels = (forward ? s.x() : s.y()).pixels();
    long direct = 0;
    for (PixelClasses.PixelClass c : classes) {
      direct += (long) c.pixels() * c.taps().length * Math.ceilDiv(channels, Lanes.NR);
    }
    long narrow = (long) sourcePixels * Math.ceilDiv(s.kh() * s.kw() * channels, Lanes.NR);
    return channels <= Lanes.L && 2 * narrow < direct
        ? new NarrowImage(s, pass, workers)
        : new DirectImage(s, pass, workers);
  }
}
