package dae.backend;

import dae.UserError;
import dae.kernel.Activation;
import dae.kernel.Backend;
import dae.kernel.ChannelKernels;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.MapKernels;
import dae.kernel.Norm;
import dae.kernel.OptimiserKernels;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.kernel.scalar.ScalarBackend;
import dae.random.Draws;
import dae.random.Key;
import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A few small calculations on a device, compared with the definition: drivers have bugs, and a
/// wrong model is worse than a slow one. Every family of kernels takes part.
final class SelfTest {
  private static final int N = 3;

  /// One whose channels are read four at a time, and one of single channels with enough pixels for
  /// sums in slices.
  private static final List<Conv2dSpec> LAYERS =
      List.of(Conv2dSpec.same(9, 8, 8, 12, 3, 2), Conv2dSpec.same(20, 18, 3, 5, 3, 1));

  /// Far above rounding (sums of 1,080 products of values below 1), far below any real mistake.
  private static final double TOLERANCE = 1e-4;

  private final Backend backend;
  private final Map<String, float[]> results = new LinkedHashMap<>();
  private final List<Storage> taken = new ArrayList<>();

  private SelfTest(Backend backend) {
    this.backend = backend;
  }

  /// @throws UserError naming the kernel, if a value differs
  static void run(Backend device) {
    try (Backend scalar = new ScalarBackend()) {
      Map<String, float[]> expected = new SelfTest(scalar).run();
      new SelfTest(device)
          .run()
          .forEach((kernel, got) -> compare(device, kernel, expected.get(kernel), got));
    }
  }

  private Map<String, float[]> run() {
    try {
      for (Conv2dSpec layer : LAYERS) {
        products(layer);
      }
      Tensor x = random(LAYERS.getFirst().x(), N, 1);
      Tensor dx = random(LAYERS.getFirst().x(), N, 4);
      normalise(x, dx);
      repair(x, dx);
      adam(x, dx);
      return results;
    } finally {
      taken.forEach(backend::free);
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

  private void products(Conv2dSpec layer) {
    Tensor x = random(layer.x(), N, 1);
    Tensor w = random(layer.w(), 1, 2);
    Tensor y = random(layer.y(), N, 3);
    Tensor dx = random(layer.x(), N, 4);
    Tensor bias = random(Shape.vector(layer.oc()), 1, 5);
    Epilogue relu = new Epilogue(bias, bias, Activation.RELU);
    String of = " of " + layer.x() + " to " + layer.y();
    backend
        .conv()
        .backwardFilter(layer, N, x, y, w, Write.ADD, workspace(layer, Pass.BACKWARD_FILTER));
    results.put("conv_backward_filter" + of, read(w, 1));
    Workspace back = workspace(layer, Pass.BACKWARD_INPUT);
    backend.conv().backwardInput(layer, N, y, w, dx, Write.SET, Epilogue.NONE, back);
    results.put("conv_backward_input" + of, read(dx, N));
    backend.conv().forward(layer, N, x, w, y, Write.SET, relu, workspace(layer, Pass.FORWARD));
    results.put("conv_forward" + of, read(y, N));
  }

  private void normalise(Tensor x, Tensor dy) {
    Tensor[] v = new Tensor[7];
    for (int i = 0; i < v.length; i++) {
      v[i] = random(Shape.vector(x.shape().c()), 1, 10 + i);
    }
    Norm norm = new Norm(v[0], v[2], v[3], v[4], Activation.RELU);
    ChannelKernels kernels = backend.channel();
    kernels.prepare(x.shape(), N);
    kernels.moments(N, x, v[0], v[1]);
    kernels.inverseDeviation(v[1], 1e-3f, v[2]);
    kernels.normalizeGradients(N, x, norm, dy, v[5], v[6]);
    kernels.normalizeBackward(N, x, norm, dy, v[5], v[6], dy, Write.SET);
    results.put("channel_normalize_backward", read(dy, N));
  }

  private void repair(Tensor x, Tensor dx) {
    Tensor mask = random(Shape.image(x.shape().h(), x.shape().w(), 1), N, 17);
    Tensor y = random(x.shape(), N, 18);
    Tensor loss = random(Shape.scalar(), 1, 19);
    backend.pixel().blend(N, x, mask, dx, y);
    results.put("pixel_blend", read(y, N));
    backend.pixel().absoluteError(N, y, x, loss);
    backend.map().crossEntropy(N, mask, mask, loss, Write.ADD);
    results.put("pixel_absolute_error_parts", read(loss, 1));
    backend.pixel().psnrError(N, y, x, 1e-5f, loss, Write.SET);
    results.put("pixel_psnr_error_parts", read(loss, 1));
  }

  private void adam(Tensor x, Tensor dx) {
    Tensor loss = random(Shape.scalar(), 1, 20);
    Tensor noisy = random(x.shape(), N, 21);
    Key key = new Key(7, 3, new int[] {5, 1, 9}, 0);
    backend.data().gaussian(N, x, key, new float[] {0.1f, 0, 0.3f}, noisy);
    results.put("data_gaussian", read(noisy, N));
    MapKernels map = backend.map();
    map.sigmoid(N, dx, dx);
    map.meanSquaredError(N, dx, noisy, loss);
    results.put("map_mean", read(loss, 1));
    Shape shape = Shape.vector(N * x.shape().size());
    Tensor weights = Tensor.dense(x.storage(), 0, shape);
    Tensor gradients = Tensor.dense(dx.storage(), 0, shape);
    Tensor m = random(shape, 1, 22);
    Tensor v = random(shape, 1, 23);
    OptimiserKernels optimiser = backend.optimiser();
    optimiser.clip(gradients, 10);
    results.put("optimiser_clip", read(gradients, 1));
    optimiser.guard(gradients, loss);
    optimiser.adam(weights, gradients, m, v, 0.01f, 0.9f, 0.999f, 1e-7f, loss);
    results.put("optimiser_adam", read(weights, 1));
  }

  private Workspace workspace(Conv2dSpec layer, Pass pass) {
    int scratch = (int) backend.conv().needs(layer, pass, N).scratch();
    return new Workspace(scratch == 0 ? null : random(Shape.vector(scratch), 1, 30), null, () -> 1);
  }

  /// Values from 0 to 1.
  private Tensor random(Shape shape, int n, int item) {
    float[] values = new float[n * shape.size()];
    Draws draws = new Draws(1, 0, item, 0);
    for (int i = 0; i < values.length; i++) {
      values[i] = draws.uniform();
    }
    Tensor tensor = Tensor.dense(backend.allocate(values.length), 0, shape);
    taken.add(tensor.storage());
    backend.upload(values, 0, tensor, n);
    return tensor;
  }

  private float[] read(Tensor tensor, int n) {
    float[] values = new float[n * tensor.shape().size()];
    backend.download(tensor, n, values, 0);
    return values;
  }
}
