package dae.tensor;

/// A stretch of 32-bit floats that a backend owns: a `float[]` on the host, a buffer on a device.
/// Only the kernels of the backend that allocated it look inside.
public interface Storage {
  /// How many floats it holds.
  long length();

  /// Who uses memory that was given back.
  static IllegalStateException freed() {
    return new IllegalStateException(
        "memory: expected a plan and parameters that are open, got some that were closed — open others");
  }

  /// Floats on the Java heap, what the scalar and the SIMD kernels work on.
  final class Heap implements Storage {
    private float[] floats;

    /// @param floats not copied
    public Heap(float[] floats) {
      this.floats = floats;
    }

    /// The array itself.
    public float[] floats() {
      if (floats == null) {
        throw freed();
      }
      return floats;
    }

    @Override
    public long length() {
      return floats == null ? 0 : floats.length;
    }

    /// Gives the array up, whoever still holds a tensor on it.
    public void free() {
      floats = null;
    }
  }
}
