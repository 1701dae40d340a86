package dae.tensor;

/// A stretch of 32-bit floats that a backend owns: a `float[]` on the host, a buffer on a device.
/// Only the kernels of the backend that allocated it look inside.
public interface Storage {
  /// How many floats it holds.
  long length();

  /// Floats on the Java heap, what the scalar and the SIMD kernels work on.
  record Heap(float[] floats) implements Storage {
    @Override
    public long length() {
      return floats.length;
    }
  }
}
