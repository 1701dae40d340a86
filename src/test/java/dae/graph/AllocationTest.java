package dae.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dae.kernel.Backend;
import dae.kernel.OwnJvm;
import dae.kernel.TestBackends;
import dae.model.Losses;
import dae.model.Networks;
import dae.op.Fusion;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.AssertionFailedError;

/// After warm-up a training step allocates next to nothing, in any thread. Cold vector code does
/// (its vectors are objects until the JIT has compiled them), so steps are made until the JIT is
/// done; and in a JVM of its own, as training runs, because what the JIT does depends on what it
/// has seen.
class AllocationTest {
  private static final int N = 8;
  private static final int STEPS = 50;

  /// What may be left at any batch size: an iterator, a record of an epilogue or a norm, some
  /// hundred bytes a step. One vector that is not kept in a register makes megabytes.
  private static final long BUDGET = STEPS * 2L * 1024;

  private static final int STARTS = 3;

  private static final long WARM_UP_NANOS = 40_000_000_000L;

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "article:8 mse",
        "unet:8,16,32 mse",
        "edsr:16,2 l1",
        "article:8 psnr",
        "restore:8,2,16,16,16,16 repair"
      })
  void aStepAllocatesNothing(String network, String loss) throws Exception {
    // What the compiler inlines depends on when it gets to it, which a busy machine decides: a
    // kernel that keeps its vectors in registers does so in one of three starts, one that cannot in
    // none.
    for (int start = 1; start < STARTS; start++) {
      try {
        OwnJvm.run(AllocationTest.class, List.of(), network, loss);
        return;
      } catch (AssertionFailedError e) {
        System.out.println(network + ", start " + start + ": " + e.getMessage());
      }
    }
    OwnJvm.run(AllocationTest.class, List.of(), network, loss);
  }

  /// Trains until fifty steps stay within the budget.
  ///
  /// @param arguments the network and the loss
  public static void main(String[] arguments) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Backend backend = TestBackends.simd(2).open()) {
      Training training =
          new Training(
              backend,
              Networks.named(arguments[0]),
              Losses.named(arguments[1]),
              N,
              Fusion.TRAINING);
      long deadline = System.nanoTime() + WARM_UP_NANOS;
      long bytes;
      do {
        bytes = -allocated(threads);
        for (int step = 0; step < STEPS; step++) {
          training.gradients(N, step);
          training.adam.step(1e-3, 0.1, training.plan.tensor(training.model.loss()));
        }
        bytes += allocated(threads);
      } while (bytes > BUDGET && System.nanoTime() < deadline);
      assertTrue(bytes <= BUDGET, STEPS + " steps allocated " + bytes + " bytes");
    }
  }

  /// By all threads so far.
  private static long allocated(ThreadMXBean threads) {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}
