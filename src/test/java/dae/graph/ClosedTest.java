package dae.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.kernel.Turn;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.op.Fusion;
import dae.optim.Adam;
import dae.tensor.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is used after it was closed, also by somebody else and in the middle of a call, is an
/// exception: never wrong numbers, a hang or the end of the JVM.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosedTest {
  private static final int THREADS = 3;
  private static final int CALLS = 20;
  private static final int SIDE = 32;

  /// What is closed.
  private enum What {
    PLAN,
    PARAMETERS,
    BACKEND
  }

  private final Denoising model = Denoising.inference(new ArticleNetwork(4), SIDE, SIDE);

  static Stream<Arguments> all() {
    return TestBackends.all()
        .flatMap(kind -> Stream.of(What.values()).map(what -> Arguments.of(kind, what)));
  }

  private PlanDraft draft(Backend backend) {
    return new PlanDraft(model.graph(), List.of(model.denoised()), Fusion.INFERENCE, backend, 1);
  }

  private float[] run(Plan plan, int seed) {
    float[] result = new float[SIDE * SIDE * 3];
    plan.run(model.noisy(), Numbers.uniform(seed, result.length), 1, model.denoised(), result);
    return result;
  }

  @ParameterizedTest
  @MethodSource("all")
  void isNeverWrongUnderLoad(TestBackends kind, What what) throws Exception {
    Backend backend = kind.open();
    Parameters parameters = new Parameters(model.graph().params(), backend, 3);
    Plan plan = draft(backend).open(parameters);
    AtomicBoolean closed = new AtomicBoolean();
    List<Future<Boolean>> futures = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(THREADS);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        float[] expected = run(plan, seed);
        futures.add(
            threads.submit(() -> {
              int after = 0;
              while (after < CALLS) {
                after += closed.get() ? 1 : 0;
                try {
                  assertArrayEquals(expected, run(plan, seed));
                  running.countDown();
                } catch (IllegalStateException refused) {
                  assertTrue(refused.getMessage().contains("closed"), refused::toString);
                  return true;
                }
              }
              return false;
            }));
      }
      assertTrue(running.await(60, TimeUnit.SECONDS));
      switch (what) {
        case PLAN -> plan.close();
        case PARAMETERS -> parameters.close();
        case BACKEND -> backend.close();
      }
      closed.set(true);
      for (Future<Boolean> future : futures) {
        // A plan may have all that it needs of its parameters.
        assertTrue(future.get(60, TimeUnit.SECONDS) || what == What.PARAMETERS);
      }
    } finally {
      threads.shutdownNow();
      // In the wrong order, and twice.
      for (int i = 0; i < 2; i++) {
        backend.close();
        parameters.close();
        plan.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void nothingOfAClosedBackendCanBeUsed(TestBackends kind) {
    Backend backend = kind.open();
    Parameters parameters = new Parameters(model.graph().params(), backend, 3);
    Plan plan = draft(backend).open(parameters);
    PlanDraft draft = draft(backend);
    Adam adam = new Adam(parameters, backend);
    float[] image = new float[SIDE * SIDE * 3];
    String name = parameters.all().keySet().iterator().next();
    run(plan, 1);
    backend.close();
    List<Executable> calls =
        List.of(
            () -> plan.upload(model.noisy(), image, 1),
            () -> plan.forward(1),
            () -> plan.download(model.denoised(), image, 0),
            () -> run(plan, 1),
            plan::firstNotFinite,
            () -> parameters.get(name),
            () -> parameters.set(name, new float[parameters.all().get(name).shape().size()]),
            parameters::copy,
            () -> adam.step(1e-3, 0, parameters.trainable()),
            () -> draft(backend),
            () -> draft.open(parameters),
            () -> backend.allocate(1),
            () -> backend.turn().take());
    for (int i = 0; i < calls.size(); i++) {
      Executable call = calls.get(i);
      String said = assertThrows(IllegalStateException.class, call, "call " + i).getMessage();
      assertEquals(
          "backend: expected an open one, got one that was closed — open another", said, "" + i);
    }
    plan.close();
    parameters.close();
  }

  /// Its memory is in use.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aBackendIsNotClosedFromInsideACall(TestBackends kind) {
    try (Backend backend = kind.open()) {
      try (Turn _ = backend.turn().take()) {
        assertThrows(IllegalStateException.class, backend::close);
      }
      assertDoesNotThrow(() -> backend.allocate(1));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void callsInTheWrongOrderAreNamed(TestBackends kind) {
    try (Backend backend = kind.open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3);
        Plan plan = draft(backend).open(parameters)) {
      float[] image = new float[SIDE * SIDE * 3];
      List<Executable> calls =
          List.of(
              () -> plan.download(model.denoised(), image, 0),
              plan::backward,
              () -> {
                plan.forward(1);
                plan.backward();
              });
      for (Executable call : calls) {
        assertThrows(IllegalStateException.class, call);
      }
    }
  }
}
