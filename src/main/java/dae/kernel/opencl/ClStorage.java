package dae.kernel.opencl;

import dae.tensor.Storage;
import org.jocl.cl_mem;

/// Floats in a device's memory.
final class ClStorage implements Storage {
  private final long length;
  private cl_mem buffer;

  ClStorage(long length, cl_mem buffer) {
    this.length = length;
    this.buffer = buffer;
  }

  @Override
  public long length() {
    return length;
  }

  cl_mem buffer() {
    if (buffer == null) {
      throw Storage.freed();
    }
    return buffer;
  }

  /// Gives the memory up, whoever still holds a tensor on it.
  void free(ClContext context) {
    if (buffer != null) {
      context.free(buffer);
      buffer = null;
    }
  }
}
