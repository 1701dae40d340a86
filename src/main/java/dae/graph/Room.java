package dae.graph;

import dae.Heap;
import dae.UserError;
import dae.kernel.Backend;
import java.util.function.IntToLongFunction;

/// The memory that plans lie in, asked before they are made: the Java heap, or a device's own.
///
/// @param backend whose plans
public record Room(Backend backend) {
  /// Two starts of a program differ in what they use by some hundred KiB: what one advises must do
  /// for the next.
  private static final long STARTS_DIFFER = 1L << 20;

  /// The share of a device's memory left to the driver and to other programs.
  private static final double SPARE = 0.1;

  private boolean onDevice() {
    return backend.memory() > 0;
  }

  private long free() {
    return (long) (backend.memory() * (1 - SPARE));
  }

  /// Whether there is room for this many more bytes.
  ///
  /// @param bytes of plans and weights
  /// @param heapBytes of arrays besides, in Java's heap in any case
  public boolean holds(long bytes, long heapBytes) {
    return holds(bytes, heapBytes, 0);
  }

  /// The same while other plans are open.
  ///
  /// @param open bytes of those; a heap knows of them itself, a device does not say
  public boolean holds(long bytes, long heapBytes, long open) {
    return onDevice()
        ? open + bytes <= free() && Heap.holds(heapBytes)
        : Heap.holds(bytes + heapBytes);
  }

  /// The largest count up to `most` that takes no more bytes than there is room for; 0 if none
  /// does.
  ///
  /// @param bytes what a count takes for plans; grows with it
  /// @param heapBytes what it takes besides
  public int largest(int most, IntToLongFunction bytes, IntToLongFunction heapBytes) {
    return onDevice()
        ? Heap.largest(Heap.largest(most, free(), bytes), heapBytes)
        : Heap.largest(most, n -> bytes.applyAsLong(n) + heapBytes.applyAsLong(n));
  }

  /// Makes sure that there is room for batches of a size, or names the largest that would fit.
  ///
  /// @param who needs the memory
  /// @param size images in a batch
  /// @param bytes of plans and weights for it
  /// @param bytesOf the same for any size
  /// @param otherwise what to do where no size fits
  /// @throws UserError if there is no room
  public void requireBatches(
      String who, int size, long bytes, IntToLongFunction bytesOf, String otherwise) {
    if (!holds(bytes, 0)) {
      int fits = largest(size - 1, bytesOf, smaller -> STARTS_DIFFER);
      String advice = fits == 0 ? otherwise : "take --batch-size " + fits + " or less";
      throw tooSmall(who, "batches of " + size, bytes, 0, advice);
    }
  }

  /// The error for what does not fit.
  ///
  /// @param who needs the memory
  /// @param what for
  /// @param bytes of plans and weights
  /// @param heapBytes of arrays besides
  /// @param advice what to do
  public UserError tooSmall(String who, String what, long bytes, long heapBytes, String advice) {
    if (!onDevice()) {
      return Heap.tooSmall(who, what, bytes + heapBytes, advice);
    }
    return bytes <= free()
        ? Heap.tooSmall(who, what, heapBytes, advice)
        : new UserError(
            "%s: expected a device with %d MiB for %s, got one with %d MiB free at most — %s, or use --backend simd"
                .formatted(who, (bytes >> 20) + 1, what, free() >> 20, advice));
  }

  /// In words.
  public String describe() {
    return onDevice()
        ? "on a device with %d MiB".formatted(backend.memory() >> 20)
        : "in a heap of %d MiB".formatted(Runtime.getRuntime().maxMemory() >> 20);
  }
}
