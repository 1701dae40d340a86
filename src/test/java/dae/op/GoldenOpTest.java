package dae.op;

import static dae.tensor.Numbers.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.graph.Mode;
import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.Golden;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op against values computed in float64 by independent frameworks.
class GoldenOpTest {
  private static final double TOLERANCE = 2e-6;
  private static final Golden OPS = Golden.read("ops");
  private static final Golden HALF_SIZE = Golden.read("half_size");

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void conv2d(TestBackends kind) {
    convolution(
        kind,
        "conv2d",
        3,
        (x, s) -> Conv2d.conv2d("layer", x, s.filters(), s.kernel(), s.stride()));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void conv2dTranspose(TestBackends kind) {
    convolution(
        kind,
        "conv2d_transpose",
        2,
        (x, s) -> ConvTranspose2d.convTranspose2d("layer", x, s.filters(), s.kernel(), s.stride()));
  }

  private record Settings(int filters, int kernel, int stride) {}

  @FunctionalInterface
  private interface Layer {
    Value on(Value x, Settings settings);
  }

  private static void convolution(TestBackends kind, String family, int filterAxis, Layer layer) {
    try (Backend backend = kind.open()) {
      for (String name : OPS.cases(family, "dkernel")) {
        int[] kernel = OPS.shape(name + "/kernel");
        int stride = Integer.parseInt(name.substring(name.lastIndexOf("_s") + 2));
        Settings settings = new Settings(kernel[filterAxis], kernel[0], stride);
        OpRun run = run(backend, name, x -> layer.on(x.getFirst(), settings), "kernel", "bias");
        close(name + "/dkernel", run.gradient("layer/kernel"));
        close(name + "/dbias", run.gradient("layer/bias"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void batchNormalization(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (String name : OPS.cases("batch_normalization", "dgamma")) {
        OpRun run =
            run(backend, name, x -> BatchNorm.batchNorm("layer", x.getFirst()), "gamma", "beta");
        close(name + "/dgamma", run.gradient("layer/gamma"));
        close(name + "/dbeta", run.gradient("layer/beta"));
        int[] shape = OPS.shape(name + "/x");
        double pixels = shape[0] * shape[1] * shape[2];
        float[] mean = OPS.get(name + "/mean");
        float[] variance = OPS.get(name + "/variance_biased");
        for (int c = 0; c < mean.length; c++) {
          float movingMean = run.get("layer/moving_mean")[c];
          float movingVariance = run.get("layer/moving_variance")[c];
          assertEquals(0.01 * mean[c], movingMean, 1e-7, name + " mean");
          double unbiased = variance[c] * pixels / (pixels - 1);
          assertEquals(0.99 + 0.01 * unbiased, movingVariance, 2e-7, name + " variance");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void relu(TestBackends kind) {
    try (Backend backend = kind.open()) {
      run(backend, "relu", x -> Relu.relu("layer", x.getFirst()));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void sigmoid(TestBackends kind) {
    try (Backend backend = kind.open()) {
      run(backend, "sigmoid", x -> Sigmoid.sigmoid("layer", x.getFirst()));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void meanSquaredError(TestBackends kind) {
    int[] shape = OPS.shape("mse/prediction");
    Shape image = Shape.image(shape[1], shape[2], shape[3]);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend,
              shape[0],
              p -> {
                Value target = p.getFirst().graph().input("target", image);
                return MeanSquaredError.meanSquaredError("layer", p.getFirst(), target);
              },
              image);
      run.upload("target", OPS.get("mse/target"), shape[0]);
      run.run(shape[0], new float[] {1}, OPS.get("mse/prediction"));
      close("mse/loss", run.y());
      close("mse/dprediction", run.dx(0));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void leakyRelu(TestBackends kind) {
    try (Backend backend = kind.open()) {
      run(HALF_SIZE, backend, "leaky_relu", x -> LeakyRelu.leakyRelu("layer", x.getFirst()));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void add(TestBackends kind) {
    int[] shape = HALF_SIZE.shape("add/a");
    Shape image = Shape.image(shape[1], shape[2], shape[3]);
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend, shape[0], x -> Add.add("layer", x.get(0), x.get(1)), image, image);
      run.run(shape[0], HALF_SIZE.get("add/dy"), HALF_SIZE.get("add/a"), HALF_SIZE.get("add/b"));
      close(HALF_SIZE, "add/y", run.y());
      close(HALF_SIZE, "add/da", run.dx(0));
      close(HALF_SIZE, "add/db", run.dx(1));
    }
  }

  /// On the tape as it was recorded, and where the second convolution adds itself to x.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void residualBlock(TestBackends kind) {
    int[] shape = HALF_SIZE.shape("block/x");
    try (Backend backend = kind.open()) {
      for (Mode mode : List.of(Mode.PLAIN_TRAINING, Fusion.TRAINING)) {
        OpRun run =
            new OpRun(
                backend,
                mode,
                shape[0],
                x -> {
                  Value y = Conv2d.conv2d("layer1", x.getFirst(), shape[3], 3, 1);
                  Value z = LeakyRelu.leakyRelu("relu", y);
                  return Add.add("sum", Conv2d.conv2d("layer2", z, shape[3], 3, 1), x.getFirst());
                },
                Shape.image(shape[1], shape[2], shape[3]));
        for (String name : run.learnt()) {
          run.set(name, HALF_SIZE.get("block/" + name));
        }
        run.run(shape[0], HALF_SIZE.get("block/dy"), HALF_SIZE.get("block/x"));
        close(HALF_SIZE, "block/y", run.y());
        close(HALF_SIZE, "block/dx", run.dx(0));
        for (String layer : List.of("layer1", "layer2")) {
          close(HALF_SIZE, "block/" + layer + "/dkernel", run.gradient(layer + "/kernel"));
          close(HALF_SIZE, "block/" + layer + "/dbias", run.gradient(layer + "/bias"));
        }
      }
    }
  }

  /// A pixel unshuffle and a 3×3 convolution are a convolution with a 6×6 window and stride 2, a
  /// 3×3 convolution and a pixel shuffle the transposed one.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void shuffledPixels(TestBackends kind) {
    try (Backend backend = kind.open()) {
      layer(backend, "head", x -> Conv2d.conv2d("layer", x.getFirst(), 9, 6, 2));
      layer(backend, "tail", x -> ConvTranspose2d.convTranspose2d("layer", x.getFirst(), 3, 6, 2));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void downAndUp(TestBackends kind) {
    try (Backend backend = kind.open()) {
      layer(backend, "down", x -> Conv2d.conv2d("layer", x.getFirst(), 11, 2, 2));
      layer(backend, "up", x -> ConvTranspose2d.convTranspose2d("layer", x.getFirst(), 5, 2, 2));
    }
  }

  private static void layer(Backend backend, String name, Function<List<Value>, Value> op) {
    OpRun run = run(HALF_SIZE, backend, name, op, "kernel", "bias");
    close(HALF_SIZE, name + "/dkernel", run.gradient("layer/kernel"));
    close(HALF_SIZE, name + "/dbias", run.gradient("layer/bias"));
  }

  /// PyTorch divides by the norm plus 10⁻⁶.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void clippedGradients(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (String name : List.of("clip/over", "clip/under")) {
        float[] gradient = HALF_SIZE.get(name + "/gradient");
        Shape shape = Shape.vector(gradient.length);
        Tensor tensor = Tensor.dense(backend.allocate(gradient.length), 0, shape);
        backend.upload(gradient, 0, tensor, 1);
        backend.optimiser().clip(tensor, HALF_SIZE.get(name + "/most")[0]);
        backend.download(tensor, 1, gradient, 0);
        close(HALF_SIZE, name + "/clipped", gradient);
      }
    }
  }

  /// Runs a case and compares y and dx.
  private static OpRun run(
      Backend backend, String name, Function<List<Value>, Value> op, String... parameters) {
    return run(OPS, backend, name, op, parameters);
  }

  private static OpRun run(
      Golden golden,
      Backend backend,
      String name,
      Function<List<Value>, Value> op,
      String... parameters) {
    int[] shape = golden.shape(name + "/x");
    OpRun run = OpRun.training(backend, shape[0], op, Shape.image(shape[1], shape[2], shape[3]));
    for (String parameter : parameters) {
      run.set("layer/" + parameter, golden.get(name + "/" + parameter));
    }
    run.run(shape[0], golden.get(name + "/dy"), golden.get(name + "/x"));
    close(golden, name + "/y", run.y());
    close(golden, name + "/dx", run.dx(0));
    return run;
  }

  private static void close(String name, float[] got) {
    close(OPS, name, got);
  }

  private static void close(Golden golden, String name, float[] got) {
    assertClose(golden.get(name), got, TOLERANCE, name);
  }
}
