package dae;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.function.IntToLongFunction;

/// What the Java heap can still take, asked before the large arrays are made, so that a heap that
/// is too small is one line at the start and not an `OutOfMemoryError` after an hour.
public final class Heap {
  private static final int MEBI = 20;

  /// Kept free for what comes and goes besides the large arrays: classes, a run's pictures, vectors
  /// of kernels that are not compiled yet; and for the gaps that G1 leaves behind each array. For a
  /// run that is saved and resumed 16 MiB was enough with SerialGC, but not with G1.
  private static final long MARGIN = 32L << MEBI;

  /// What Java takes besides the large arrays: classes, compiled code, the young generation, and
  /// for a while its compiler, which goes through more kernels the longer a command works
  /// (measured: SECURITY.md).
  private static final long SHORT = 90L << MEBI;

  private static final long LONG = 135L << MEBI;

  /// What the process takes that started this one.
  private static final long LAUNCHER = 45L << MEBI;

  /// Garbage that is left to lie: SerialGC makes the heap larger rather than to collect what has
  /// grown old, and that of 387 small pictures made 2 GiB.
  private static final long PILE = 256L << MEBI;

  private static volatile long outside = SHORT;

  /// In use after the last collection.
  private static volatile long live;

  private Heap() {}

  /// Whether there is room for this many more bytes. To be asked before every picture: then its
  /// garbage does not pile up.
  public static boolean holds(long bytes) {
    // Garbage counts as used until it is collected.
    if (bytes > free() || used() - live > Math.max(PILE, live)) {
      collect();
    }
    return bytes <= free();
  }

  /// Collects garbage before large arrays are made: SerialGC rather takes more of the machine.
  public static void collect() {
    System.gc();
    live = used();
  }

  private static long free() {
    return Math.min(largestPool(), machineRoom()) - used() - MARGIN;
  }

  private static long machineRoom() {
    return machine() - outside - LAUNCHER;
  }

  /// Bytes of the machine, or of the container that this runs in.
  public static long machine() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /// To be called by who will work for minutes.
  public static void expectLongWork() {
    outside = LONG;
  }

  /// What Java may take besides the heap.
  public static long outside() {
    return outside;
  }

  /// What the process will take with so many more bytes in its heap.
  public static long process(long bytes) {
    collect();
    return used() + bytes + outside;
  }

  private static long used() {
    Runtime heap = Runtime.getRuntime();
    return heap.totalMemory() - heap.freeMemory();
  }

  /// Most collectors divide the heap, and a large array lies in the largest part.
  private static long largestPool() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getUsage().getMax())
        .max()
        .orElseThrow();
  }

  /// The largest count up to `most` that takes no more bytes than there is room for; 0 if none
  /// does.
  ///
  /// @param bytes what a count takes; grows with it
  public static int largest(int most, IntToLongFunction bytes) {
    return largest(most, free(), bytes);
  }

  /// The same for other memory, of which this many bytes are free.
  public static int largest(int most, long free, IntToLongFunction bytes) {
    int fits = 0;
    int above = most + 1;
    while (above - fits > 1) {
      int middle = fits + (above - fits) / 2;
      if (bytes.applyAsLong(middle) <= free) {
        fits = middle;
      } else {
        above = middle;
      }
    }
    return fits;
  }

  /// The answer to what does not fit: how large a heap would do.
  ///
  /// @param who needs the memory
  /// @param what for
  /// @param bytes how many besides those in use
  /// @param advice what to do other than give Java more
  public static UserError tooSmall(String who, String what, long bytes, String advice) {
    if (machineRoom() < largestPool()) {
      return new UserError(
          "%s: expected %d MiB of memory for %s, got a machine or container of %d MiB — %s, or give it more"
              .formatted(
                  who,
                  (used() + bytes + MARGIN + outside + LAUNCHER >> MEBI) + 1,
                  what,
                  machine() >> MEBI,
                  advice));
    }
    long whole = Runtime.getRuntime().maxMemory();
    // What is not in the largest part, one survivor space more than Java counts, and rounded up.
    long wanted = used() + bytes + MARGIN + whole - largestPool() + (4L << MEBI);
    long mebibytes = (wanted >> MEBI + 4) + 1 << 4;
    return new UserError(
        "%s: expected a heap of %d MiB for %s, got %d MiB — %s, or give Java more (java -Xmx%dm -jar …)"
            .formatted(who, mebibytes, what, whole >> MEBI, advice, mebibytes));
  }
}
