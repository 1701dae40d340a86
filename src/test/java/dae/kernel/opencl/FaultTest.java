package dae.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.DeviceError;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.model.Loss;
import dae.noise.Noises;
import dae.op.Fusion;
import dae.optim.Adam;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Any call to OpenCL may fail. Whichever does: a short training ends soon, with one line or with
/// its result, and everything that was created is released.
///
/// `-Dfaults=all` fails each call in turn, otherwise it is every seventh.
class FaultTest {
  private static final int N = 2;

  /// Far more than the training takes.
  private static final Duration HANGS = Duration.ofSeconds(60);

  /// Fails one call.
  private static final class Faulty extends Cl {
    /// Which of the calls of that name, or of all where it is empty.
    final int fails;

    final String name;
    int calls;
    String failed;

    Faulty(int fails, String name) {
      this.fails = fails;
      this.name = name;
    }

    Faulty(int fails) {
      this(fails, "");
    }

    @Override
    protected void before(String call) {
      if (call.startsWith(name) && ++calls == fails) {
        failed = call;
        throw new CLException("CL_OUT_OF_RESOURCES", CL.CL_OUT_OF_RESOURCES);
      }
    }
  }

  /// Two steps of width 4.
  ///
  /// @return the loss of the second
  private static float train(Cl cl, Path cache) {
    Denoising model =
        Denoising.training(
            new ArticleNetwork(4), Noises.named("gaussian:0.1"), Loss.MEAN_SQUARED_ERROR, 16, 16);
    try (ClBackend backend = TestDevice.open(cl, cache)) {
      Parameters parameters = new Parameters(model.graph().params(), backend, 1);
      try (Plan plan =
          new PlanDraft(model.graph(), List.of(model.loss()), Fusion.TRAINING, backend, N)
              .open(parameters)) {
        Adam adam = new Adam(parameters, backend);
        byte[] pixels = new byte[N * 16 * 16 * 3];
        for (int step = 0; step < 2; step++) {
          model.feed(plan, pixels, null, new int[] {3, 4}, 1, 0);
          plan.forward(N);
          plan.backward();
          adam.step(1e-3, 0, plan.tensor(model.loss()));
        }
        return plan.scalar(model.loss());
      }
    }
  }

  @Test
  void whicheverCallFails(@TempDir Path cache) {
    TestDevice.open().close();
    Faulty none = new Faulty(0);
    float expected = train(none, cache);
    assertTrue(Float.isFinite(expected));
    assertEquals(0, none.live(), "left by a good run");
    // Once more with a warm cache.
    Faulty warm = new Faulty(0);
    assertEquals(expected, train(warm, cache));
    int failures = 0;
    int every = "all".equals(System.getProperty("faults")) ? 1 : 7;
    for (int k = 1; k <= warm.calls; k += every) {
      Faulty faulty = new Faulty(k);
      failures += fails(faulty, cache, expected) ? 1 : 0;
      assertEquals(0, faulty.live(), "left after call " + k + ", " + faulty.failed);
    }
    assertTrue(failures > warm.calls / every / 2, failures + " of " + warm.calls + " calls");
  }

  /// While programs are compiled from their sources.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "clCreateProgramWithSource",
        "clBuildProgram",
        "clGetProgramInfo",
        "clCreateKernel",
        "clCreateBuffer",
        "clEnqueueMapBuffer"
      })
  void whicheverCallFailsWithAColdCache(String name, @TempDir Path cache) {
    TestDevice.open().close();
    Faulty faulty = new Faulty(1, name);
    assertTrue(fails(faulty, cache, 0));
    assertEquals(0, faulty.live(), "left after " + name);
  }

  private static boolean fails(Faulty faulty, Path cache, float expected) {
    return Assertions.assertTimeoutPreemptively(
        HANGS,
        () -> {
          try {
            assertEquals(expected, train(faulty, cache), faulty.failed);
            return false;
          } catch (DeviceError e) {
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
            assertTrue(
                e.getMessage().contains(faulty.failed) || e.getMessage().contains("to compile"),
                e.getMessage());
            return true;
          }
        });
  }
}
