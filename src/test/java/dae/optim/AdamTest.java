package dae.optim;

import static dae.tensor.Numbers.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.file.Tensors;
import dae.graph.Init;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Numbers;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AdamTest {
  private static final int SIZE = 100;
  private static final int STEPS = 20;
  private static final double RATE = 1e-3;
  private static final Param W = new Param("w", Shape.vector(SIZE), Init.zeros(), true);

  /// Small gradients, so that it matters where ε is added.
  private static float[] gradient(int step) {
    float[] gradient = Numbers.uniform(step, SIZE);
    for (int i = 0; i < SIZE; i++) {
      gradient[i] *= (float) Math.pow(10, -i % 9);
    }
    return gradient;
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void followsKerasFormula(TestBackends kind) {
    try (Backend backend = kind.open()) {
      followsKerasFormula(backend, 0.999);
      followsKerasFormula(backend, 0.9);
    }
  }

  private static void followsKerasFormula(Backend backend, double beta2) {
    Parameters parameters = new Parameters(List.of(W), backend, 1);
    Adam adam = new Adam(parameters, backend, beta2);
    run(backend, parameters, adam, 1, STEPS);
    assertEquals(STEPS, adam.steps());
    float[] w = parameters.get("w");
    double[] keras = transcribed(true, beta2);
    double[] pytorch = transcribed(false, beta2);
    double apart = 0;
    for (int i = 0; i < SIZE; i++) {
      assertEquals(keras[i], w[i], 2e-6 * STEPS * RATE, "weight " + i);
      apart = Math.max(apart, Math.abs(keras[i] - pytorch[i]));
    }
    assertTrue(apart > 100 * 2e-6 * STEPS * RATE, "PyTorch's form would be noticed");
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void goesOnFromItsState(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Parameters unbroken = new Parameters(List.of(W), backend, 1);
      run(backend, unbroken, new Adam(unbroken, backend), 1, STEPS);
      Parameters first = new Parameters(List.of(W), backend, 1);
      Adam stopped = new Adam(first, backend);
      run(backend, first, stopped, 1, STEPS / 2);
      Parameters second = new Parameters(List.of(W), backend, 1);
      second.set("w", first.get("w"));
      Adam resumed = new Adam(second, backend);
      Tensors state = new Tensors();
      stopped.save(state);
      resumed.restore(state);
      run(backend, second, resumed, STEPS / 2 + 1, STEPS);
      assertArrayEquals(unbroken.get("w"), second.get("w"));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aStepIsANewVersionOfTheWeights(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Parameters parameters = new Parameters(List.of(W), backend, 1);
      long before = parameters.version();
      run(backend, parameters, new Adam(parameters, backend), 1, 1);
      assertTrue(parameters.version() != before);
    }
  }

  /// A gradient that is too long is scaled down before the moments see it.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clipsTheGradient(TestBackends kind) {
    try (Backend backend = kind.open()) {
      Tensor loss = Tensor.dense(backend.allocate(1), 0, Shape.scalar());
      Parameters clipped = new Parameters(List.of(W), backend, 1);
      Parameters scaled = new Parameters(List.of(W), backend, 1);
      Adam clipping = new Adam(clipped, backend);
      Adam plain = new Adam(scaled, backend);
      int tooLong = 0;
      for (int step = 1; step <= STEPS; step++) {
        float[] gradient = gradient(step);
        backend.upload(gradient, 0, clipped.gradient(W), 1);
        clipping.step(RATE, 2, loss);
        double factor = Math.min(1, 2 / Numbers.norm(Numbers.doubles(gradient)));
        tooLong += factor < 1 ? 1 : 0;
        for (int i = 0; i < SIZE; i++) {
          gradient[i] *= (float) factor;
        }
        backend.upload(gradient, 0, scaled.gradient(W), 1);
        plain.step(RATE, 0, loss);
      }
      assertTrue(tooLong > 0 && tooLong < STEPS, "some of each: " + tooLong);
      assertClose(scaled.get("w"), clipped.get("w"), 1e-5, "w");
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void aGradientThatIsNotFiniteIsNotHiddenByClipping(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        Tensor loss = Tensor.dense(backend.allocate(1), 0, Shape.scalar());
        Parameters parameters = new Parameters(List.of(W), backend, 1);
        float[] before = parameters.get("w");
        float[] gradient = gradient(1);
        gradient[SIZE / 2] = bad;
        backend.upload(gradient, 0, parameters.gradient(W), 1);
        new Adam(parameters, backend).step(RATE, 0.5, loss);
        float[] now = new float[1];
        backend.download(loss, 1, now, 0);
        assertTrue(Float.isNaN(now[0]), "the loss says so");
        assertArrayEquals(before, parameters.get("w"));
      }
    }
  }

  private static void run(Backend backend, Parameters parameters, Adam adam, int from, int to) {
    Tensor loss = Tensor.dense(backend.allocate(1), 0, Shape.scalar());
    for (int step = from; step <= to; step++) {
      backend.upload(gradient(step), 0, parameters.gradient(W), 1);
      adam.step(RATE, 0, loss);
    }
  }

  /// Kingma & Ba's algorithm with bias-corrected moments; Keras divides by √v + ε, which is √v̂ +
  /// ε/√(1 − β₂ᵗ), where PyTorch has √v̂ + ε.
  private static double[] transcribed(boolean keras, double beta2) {
    double[] w = new double[SIZE];
    double[] m = new double[SIZE];
    double[] v = new double[SIZE];
    for (int t = 1; t <= STEPS; t++) {
      float[] g = gradient(t);
      for (int i = 0; i < SIZE; i++) {
        m[i] = 0.9 * m[i] + 0.1 * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(beta2, t));
        double epsilon = keras ? 1e-7 / Math.sqrt(1 - Math.pow(beta2, t)) : 1e-7;
        w[i] -= RATE * mHat / (Math.sqrt(vHat) + epsilon);
      }
    }
    return w;
  }
}
