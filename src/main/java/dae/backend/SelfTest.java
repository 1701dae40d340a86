package dae.backend;

import dae.UserError;
import dae.kernel.Activation;
import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.kernel.scalar.ScalarBackend;
import dae.random.Draws;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/// A few small calculations on a device, compared with the definition: drivers have bugs, and a
/// wrong model is worse than a slow one. Every family of kernels takes part.
final class SelfTest {
  private static final int N = 3;
  private static final Conv2dSpec LAYER = Conv2dSpec.same(9, 8, 8, 12, 3, 2);

  /// Far above rounding (sums of 243 products of numbers below 1), far below any real mistake.
  private static final double TOLERANCE = 1e-4;

  private SelfTest() {}

  /// @throws UserError naming the kernel, if a number differs
  static void run(Backend device) {
    try (Backend scalar = new ScalarBackend()) {
      Map<String, float[]> expected = results(scalar);
      results(device).forEach((kernel, got) -> compare(device, kernel, expected.get(kernel), got));
    }
  }

  private static void compare(Backend device, String kernel, float[] expected, float[] got) {
    for (int i = 0; i < got.length; i++) {
      // Written so that a NaN fails.
      if (!(Math.abs(expected[i] - got[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i])))) {
        throw new UserError(
            "opencl: self-test of %s on %s: expected %s, got %s — update its driver, or take --backend simd"
                .formatted(kernel, device.name(), expected[i], got[i]));
      }
    }
  }

  private static Map<String, float[]> results(Backend backend) {
    Map<String, float[]> results = new LinkedHashMap<>();
    Tensor x = random(backend, LAYER.x(), N, 1);
    Tensor w = random(backend, LAYER.w(), 1, 2);
    Tensor y = random(backend, LAYER.y(), N, 3);
    Tensor dx = random(backend, LAYER.x(), N, 4);
    Tensor bias = random(backend, Shape.vector(LAYER.oc()), 1, 5);
    Epilogue relu = new Epilogue(bias, bias, Activation.RELU);
    backend
        .conv()
        .backwardFilter(LAYER, N, x, y, w, Write.ADD, workspace(backend, Pass.BACKWARD_FILTER));
    results.put("conv_backward_filter", read(backend, w, 1));
    backend
        .conv()
        .backwardInput(
            LAYER, N, y, w, dx, Write.SET, Epilogue.NONE, workspace(backend, Pass.BACKWARD_INPUT));
    results.put("conv_backward_input", read(backend, dx, N));
    backend.conv().forward(LAYER, N, x, w, y, Write.SET, relu, workspace(backend, Pass.FORWARD));
    results.put("conv_forward", read(backend, y, N));
    normalise(backend, x, dx, results);
    adam(backend, x, dx, results);
    return results;
  }

  private static void normalise(
      Backend backend, Tensor x, Tensor dy, Map<String, float[]> results) {
    Tensor[] v = new Tensor[7];
    for (int i = 0; i < v.length; i++) {
      v[i] = random(backend, Shape.vector(LAYER.ic()), 1, 10 + i);
    }
    backend.channel().prepare(LAYER.x(), N);
    backend.channel().moments(N, x, v[0], v[1]);
    backend.channel().inverseDeviation(v[1], 1e-3f, v[2]);
    backend
        .channel()
        .normalizeGradients(N, x, v[0], v[2], v[3], v[4], Activation.RELU, dy, v[5], v[6]);
    backend
        .channel()
        .normalizeBackward(
            N, x, v[0], v[2], v[3], v[4], Activation.RELU, dy, v[5], v[6], dy, Write.SET);
    results.put("channel_normalize_backward", read(backend, dy, N));
  }

  private static void adam(Backend backend, Tensor x, Tensor dx, Map<String, float[]> results) {
    Tensor loss = random(backend, Shape.scalar(), 1, 20);
    Tensor noisy = random(backend, LAYER.x(), N, 21);
    backend.pointwise().noise(N, x, 7, 3, new int[] {5, 1, 9}, 0.1f, noisy);
    results.put("pointwise_noise", read(backend, noisy, N));
    backend.pointwise().sigmoid(N, dx, dx);
    backend.pointwise().meanSquaredError(N, dx, noisy, loss);
    results.put("pointwise_mean_squared_error", read(backend, loss, 1));
    Shape shape = Shape.vector(N * LAYER.x().size());
    Tensor weights = Tensor.dense(x.storage(), 0, shape);
    Tensor gradients = Tensor.dense(dx.storage(), 0, shape);
    Tensor m = Tensor.dense(backend.allocate(shape.size()), 0, shape);
    Tensor v = Tensor.dense(backend.allocate(shape.size()), 0, shape);
    backend.pointwise().guard(gradients, loss);
    backend.pointwise().adam(weights, gradients, m, v, 0.01f, 0.9f, 0.999f, 1e-7f, loss);
    results.put("pointwise_adam", read(backend, weights, 1));
  }

  private static Workspace workspace(Backend backend, Pass pass) {
    Needs needs = backend.conv().needs(LAYER, pass, N);
    return new Workspace(
        needs.scratch() == 0 ? null : random(backend, Shape.vector((int) needs.scratch()), 1, 30),
        null,
        () -> 1);
  }

  /// Numbers from 0 to 1.
  private static Tensor random(Backend backend, Shape shape, int n, int item) {
    float[] numbers = new float[n * shape.size()];
    Draws draws = new Draws(1, 0, item, 0);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = draws.uniform();
    }
    Tensor tensor = Tensor.dense(backend.allocate(numbers.length), 0, shape);
    backend.upload(numbers, 0, tensor, n);
    return tensor;
  }

  private static float[] read(Backend backend, Tensor tensor, int n) {
    float[] numbers = new float[n * tensor.shape().size()];
    backend.download(tensor, n, numbers, 0);
    return numbers;
  }
}
