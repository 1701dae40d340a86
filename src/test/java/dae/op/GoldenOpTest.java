package dae.op;

import static dae.tensor.Numbers.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.Golden;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every op against values computed in float64 by an independent framework.
class GoldenOpTest {
  private static final double TOLERANCE = 2e-6;
  private static final Golden OPS = Golden.read("ops");

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

  /// Runs a case and compares y and dx.
  private static OpRun run(
      Backend backend, String name, Function<List<Value>, Value> op, String... parameters) {
    int[] shape = OPS.shape(name + "/x");
    OpRun run = OpRun.training(backend, shape[0], op, Shape.image(shape[1], shape[2], shape[3]));
    for (String parameter : parameters) {
      run.set("layer/" + parameter, OPS.get(name + "/" + parameter));
    }
    run.run(shape[0], OPS.get(name + "/dy"), OPS.get(name + "/x"));
    close(name + "/y", run.y());
    close(name + "/dx", run.dx(0));
    return run;
  }

  private static void close(String name, float[] got) {
    assertClose(OPS.get(name), got, TOLERANCE, name);
  }
}
