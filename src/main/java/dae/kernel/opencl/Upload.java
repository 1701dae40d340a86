package dae.kernel.opencl;

import java.nio.ByteBuffer;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Bytes that every step needs, sent while the device still works on the step before: two pairs of
/// pinned memory and a buffer in turn, each taken again only when the kernel that read it is done.
final class Upload {
  private final class Slot {
    cl_mem buffer;
    ByteBuffer host;
    cl_event read;
  }

  private final ClContext context;
  private final Slot[] slots = {new Slot(), new Slot()};
  private int turn;

  Upload(ClContext context) {
    this.context = context;
  }

  /// Host memory to be filled and then sent by [#send].
  ByteBuffer begin(int bytes) {
    turn ^= 1;
    Slot slot = slots[turn];
    release(slot);
    if (slot.host == null || slot.host.capacity() < bytes) {
      if (slot.buffer != null) {
        context.free(slot.buffer);
        slot.buffer = null;
      }
      slot.buffer = context.allocate(bytes);
      slot.host = context.pinned(bytes);
    }
    return slot.host.clear();
  }

  private void release(Slot slot) {
    if (slot.read != null) {
      cl_event event = slot.read;
      slot.read = null;
      try {
        context.cl().await(event);
      } finally {
        context.cl().release(event);
      }
    }
  }

  /// The buffer with the bytes in it.
  cl_mem send(int bytes) {
    Slot slot = slots[turn];
    context.send(slot.host, bytes, slot.buffer);
    return slot.buffer;
  }

  /// To be called when the kernel that reads them has been launched.
  void used() {
    slots[turn].read = context.mark();
  }

  /// Forgets what was waited for.
  void close() {
    for (Slot slot : slots) {
      if (slot.read != null) {
        context.cl().release(slot.read);
        slot.read = null;
      }
    }
  }
}
