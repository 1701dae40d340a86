package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Arrays;

/// A tensor amid floats that are none of a kernel's business: in front of it, behind it, in the
/// neighbouring channels and in the images beyond n. Where it is read they are NaN, so that
/// touching them shows in the result; and they must still be there afterwards.
final class Guarded {
  private final Backend backend;
  private final Tensor whole;
  private final Tensor tensor;
  private final float[] expected;

  /// @param images room for this many
  /// @param before foreign channels in front of each pixel's own
  /// @param after foreign channels behind
  Guarded(Backend backend, Shape shape, int images, int before, int after) {
    this.backend = backend;
    int zone = 2 * Math.max(16, backend.granularity());
    int pitch = shape.isImage() ? before + shape.c() + after : 1;
    int length = shape.isImage() ? images * shape.pixels() * pitch : shape.size();
    int offset = zone + (shape.isImage() ? before : 0);
    expected = new float[zone + length + zone];
    Arrays.fill(expected, Float.NaN);
    whole = Tensor.dense(backend.allocate(expected.length), 0, Shape.vector(expected.length));
    tensor = new Tensor(whole.storage(), offset, shape, pitch);
    write();
  }

  /// Contiguous floats for one image or for the filter or vector.
  Guarded(Backend backend, Shape shape) {
    this(backend, shape, 1, 0, 0);
  }

  private void write() {
    backend.upload(expected, 0, whole, 1);
  }

  Tensor tensor() {
    return tensor;
  }

  /// Puts in the values of as many images as are given.
  Guarded with(float[] values) {
    for (int i = 0; i < values.length; i++) {
      expected[at(i)] = values[i];
    }
    write();
    return this;
  }

  /// The same value everywhere: NaN where a kernel must not read, zero where it adds.
  Guarded filled(float value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return with(values);
  }

  /// The first `count` values. Fails if anything else has changed.
  float[] read(int count, String what) {
    float[] now = new float[expected.length];
    backend.download(whole, 1, now, 0);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int at = at(i);
      values[i] = now[at];
      now[at] = expected[at];
    }
    for (int i = 0; i < now.length; i++) {
      int at = i;
      assertEquals(
          expected[i],
          now[i],
          () -> what + ": wrote at " + (at - tensor.offset()) + ", not its own");
    }
    return values;
  }

  private int at(int i) {
    int c = tensor.shape().isImage() ? tensor.shape().c() : 1;
    return tensor.offset() + i / c * tensor.pitch() + i % c;
  }
}
