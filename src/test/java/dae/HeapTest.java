package dae;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.OwnJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapTest {
  private static final int MEBI = 1 << 20;

  /// 2,000 MiB of garbage that grows old, as the arrays of pictures do: the launcher's collector
  /// would take as many of the machine.
  @Test
  void garbageOfManyPicturesDoesNotPileUp() throws Exception {
    OwnJvm.run(Garbage.class, List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx3g"));
  }

  /// In a JVM of its own.
  static final class Garbage {
    private Garbage() {}

    public static void main(String[] args) {
      long most = 0;
      for (int picture = 0; picture < 100; picture++) {
        assertTrue(Heap.holds(20 * MEBI));
        byte[] array = new byte[20 * MEBI];
        array[picture] = 1;
        most = Math.max(most, Runtime.getRuntime().totalMemory());
      }
      long mebi = most / MEBI;
      assertTrue(mebi < 600, () -> mebi + " MiB");
    }
  }
}
