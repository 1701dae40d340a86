package dae.kernel.opencl;

import dae.tensor.Storage;
import org.jocl.cl_mem;

/// Floats in a device's memory.
final class ClStorage implements Storage {
  private final long length;
  private final cl_mem buffer;

  ClStorage(long length, cl_mem buffer) {
    this.length = length;
    this.buffer = buffer;
  }

  @Override
  public long length() {
    return length;
  }

  cl_mem buffer() {
    return buffer;
  }
}
