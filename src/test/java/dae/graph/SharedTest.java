package dae.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Denoising;
import dae.op.Fusion;
import dae.tensor.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Several threads on one backend, and on one plan: the bits of a thread alone, or a refusal.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedTest {
  private static final int THREADS = 4;
  private static final int CALLS = 20;
  private static final int SIDE = 32;

  private final Denoising model = Denoising.inference(new ArticleNetwork(4), SIDE, SIDE);

  private Plan plan(Backend backend, Parameters parameters) {
    return new PlanDraft(model.graph(), List.of(model.denoised()), Fusion.INFERENCE, backend, 1)
        .open(parameters);
  }

  private static float[] image(int seed) {
    return Numbers.uniform(seed, SIDE * SIDE * 3);
  }

  private float[] alone(Plan plan, int seed) {
    float[] result = new float[SIDE * SIDE * 3];
    plan.run(model.noisy(), image(seed), 1, model.denoised(), result);
    return result;
  }

  /// In as many threads at once.
  private static void inThreads(List<Callable<Void>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<Void>> futures = new ArrayList<>();
      tasks.forEach(task -> futures.add(threads.submit(task)));
      for (Future<Void> future : futures) {
        future.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aPlanForEachThreadHasItsOwnBits(TestBackends kind) throws Exception {
    try (Backend backend = kind.open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        Plan plan = plan(backend, parameters);
        float[] expected = alone(plan, seed);
        tasks.add(() -> {
          float[] image = image(seed);
          float[] got = new float[image.length];
          for (int call = 0; call < CALLS; call++) {
            plan.upload(model.noisy(), image, 1);
            plan.forward(1);
            plan.download(model.denoised(), got, 0);
            assertArrayEquals(expected, got, "call " + call);
          }
          return null;
        });
      }
      inThreads(tasks);
    }
  }

  /// Plans are also laid out, opened and closed meanwhile, and Adam steps.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void trainingsSideBySideHaveTheirOwnBits(TestBackends kind) throws Exception {
    int[] sizes = {2, 3, 4};
    try (Backend backend = kind.open()) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int n : sizes) {
        float[] expected = trained(backend, n);
        tasks.add(() -> {
          for (int round = 0; round < 2; round++) {
            assertArrayEquals(expected, trained(backend, n), n + " images");
          }
          return null;
        });
      }
      inThreads(tasks);
    }
  }

  private static float[] trained(Backend backend, int n) {
    Training training = new Training(backend, new ArticleNetwork(4), n);
    for (int step = 0; step < 4; step++) {
      training.step(n, step);
    }
    float[] weights = training.weights(backend);
    training.plan.close();
    return weights;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void onePlanRunsWholeInEveryThread(TestBackends kind) throws Exception {
    try (Backend backend = kind.open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3);
        Plan plan = plan(backend, parameters)) {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        float[] expected = alone(plan, seed);
        tasks.add(() -> {
          for (int call = 0; call < CALLS; call++) {
            assertArrayEquals(expected, alone(plan, seed), "call " + call);
          }
          return null;
        });
      }
      inThreads(tasks);
    }
  }

  /// Never wrong, and at least one thread gets through.
  @Test
  void splitCallsOnOnePlanAreRightOrRefused() throws Exception {
    try (Backend backend = TestBackends.simd(2).open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3);
        Plan plan = plan(backend, parameters)) {
      int[] right = new int[THREADS];
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        float[] expected = alone(plan, seed);
        tasks.add(() -> {
          float[] got = new float[expected.length];
          for (int call = 0; call < CALLS; call++) {
            try {
              plan.upload(model.noisy(), image(seed), 1);
              plan.forward(1);
              plan.download(model.denoised(), got, 0);
            } catch (IllegalStateException e) {
              assertTrue(e.getMessage().contains("share a plan by run"), e.getMessage());
              continue;
            }
            assertArrayEquals(expected, got);
            right[seed]++;
          }
          return null;
        });
      }
      inThreads(tasks);
      assertTrue(Arrays.stream(right).sum() > 0);
    }
  }

  @Test
  void aRunBelongsToOneThread() throws Exception {
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters = new Parameters(model.graph().params(), backend, 3);
        Plan plan = plan(backend, parameters)) {
      float[] got = new float[SIDE * SIDE * 3];
      plan.upload(model.noisy(), image(1), 1);
      // About to run: nobody else may put anything in between.
      elsewhere(() -> assertThrows(IllegalStateException.class, () -> alone(plan, 2)));
      elsewhere(() -> assertThrows(IllegalStateException.class, () -> plan.forward(1)));
      plan.forward(1);
      elsewhere(() ->
          assertThrows(IllegalStateException.class, () -> plan.download(model.denoised(), got, 0)));
      plan.download(model.denoised(), got, 0);
      assertArrayEquals(alone(plan, 1), got);
      // Done: another thread may begin, and this one no longer reads.
      elsewhere(() -> alone(plan, 2));
      Exception refused =
          assertThrows(IllegalStateException.class, () -> plan.download(model.denoised(), got, 0));
      assertEquals(
          "plan: expected all calls of a run from one thread, got another's in between — share a plan by run(…) only, or open one for each thread",
          refused.getMessage());
      assertArrayEquals(got, alone(plan, 1));
    }
  }

  private static void elsewhere(Runnable work) throws Exception {
    inThreads(
        List.of(() -> {
          work.run();
          return null;
        }));
  }
}
