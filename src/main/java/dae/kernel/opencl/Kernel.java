package dae.kernel.opencl;

import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;

/// A function of a `.cl` file, called as in
///
/// ```java
/// kernel.numbers(count, C).image(x).image(y).over(count);
/// ```
///
/// with its arguments in their order. Only those that differ from the last call's are handed to the
/// driver.
final class Kernel {
  /// Work-items of a group where a kernel does not care.
  private static final int GROUP = 256;

  private final ClContext context;
  private final cl_kernel kernel;
  private final String name;
  private final List<Object> last = new ArrayList<>();
  private final ByteBuffer bits = Cl.direct(Integer.BYTES);
  private int next;

  Kernel(ClContext context, cl_kernel kernel, String name) {
    this.context = context;
    this.kernel = kernel;
    this.name = name;
  }

  cl_kernel handle() {
    return kernel;
  }

  /// Elements of n images, or of the one filter, vector or scalar.
  static int count(int n, Shape shape) {
    return shape.isImage() ? n * shape.size() : shape.size();
  }

  /// Elements of a pixel; all of n images, where their pixels follow without a gap.
  static int channels(int n, Tensor... tensors) {
    for (Tensor tensor : tensors) {
      if (!tensor.isDense()) {
        return tensor.shape().c();
      }
    }
    return count(n, tensors[0].shape());
  }

  /// Whole numbers, each an argument.
  Kernel numbers(int... values) {
    for (int value : values) {
      argument(value);
    }
    return this;
  }

  /// A float.
  Kernel number(float value) {
    return argument(value);
  }

  /// Buffer, first element and pitch.
  Kernel image(Tensor tensor) {
    return vector(tensor).numbers(tensor.pitch());
  }

  /// Buffer and first element of contiguous floats.
  Kernel vector(Tensor tensor) {
    return buffer(tensor.storage()).numbers(tensor.offset());
  }

  /// A buffer alone.
  Kernel buffer(Storage storage) {
    return argument(((ClStorage) storage).buffer());
  }

  Kernel buffer(cl_mem buffer) {
    return argument(buffer);
  }

  /// Buffers are told apart by identity: a new one may have an old one's address.
  private Kernel argument(Object value) {
    boolean known = next < last.size();
    Object before = known ? last.get(next) : null;
    boolean same = value instanceof cl_mem ? before == value : Objects.equals(before, value);
    if (!same) {
      // Forgotten first: if the call fails, nobody knows what the argument is.
      if (known) {
        last.set(next, null);
      }
      switch (value) {
        case cl_mem buffer -> context.cl().argument(kernel, next, buffer);
        case Integer whole -> context.cl().argument(kernel, next, bits.putInt(0, whole));
        case Float number -> context.cl().argument(kernel, next, bits.putFloat(0, number));
        default -> throw new IllegalArgumentException("argument of " + name + ": " + value);
      }
      if (known) {
        last.set(next, value);
      } else {
        last.add(value);
      }
    }
    next++;
    return this;
  }

  /// At least this many work-items in the first direction; the kernel ignores those beyond.
  void over(long items) {
    over(items, 1);
  }

  /// The same with a second direction.
  void over(long items, long second) {
    launch(new long[] {Math.ceilDiv(items, GROUP) * GROUP, second}, new long[] {GROUP, 1});
  }

  /// This many work-groups of a given shape.
  void groups(long[] groups, long... shape) {
    long[] items = new long[groups.length];
    for (int i = 0; i < items.length; i++) {
      items[i] = groups[i] * shape[i];
    }
    launch(items, shape);
  }

  private void launch(long[] items, long[] shape) {
    next = 0;
    context.launch(this, items, shape);
  }

  /// Forgets arguments that were begun for a call that never came.
  void begin() {
    next = 0;
  }
}
