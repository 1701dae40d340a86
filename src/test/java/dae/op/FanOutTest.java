package dae.op;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.uniform;

import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A value with two readers gets the sum of both gradients, whichever reader comes first.
class FanOutTest {
  private static final int N = 2;
  private static final Shape X = Shape.image(5, 6, 3);

  private static final Map<String, UnaryOperator<Value>> READERS = new LinkedHashMap<>();

  static {
    READERS.put("conv2d", x -> Conv2d.conv2d("layer", x, 3, 3, 1));
    READERS.put("convTranspose2d", x -> ConvTranspose2d.convTranspose2d("layer", x, 3, 3, 1));
    READERS.put("batchNorm", x -> BatchNorm.batchNorm("layer", x));
    READERS.put("relu", x -> Relu.relu("layer", x));
    READERS.put("leakyRelu", x -> LeakyRelu.leakyRelu("layer", x));
    READERS.put("clip", x -> Clip.clip("layer", x));
    READERS.put("add", x -> Add.add("layer", x, x));
    READERS.put("add first", x -> Add.add("layer", x, Sigmoid.sigmoid("second", x)));
    READERS.put("add second", x -> Add.add("layer", Sigmoid.sigmoid("first", x), x));
    READERS.put("sigmoid", x -> Sigmoid.sigmoid("layer", x));
    READERS.put("concat", x -> Concat.concat("layer", x, x));
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void gradientsAdd(TestBackends kind) {
    try (Backend backend = kind.open()) {
      READERS.forEach((name, reader) -> check(backend, name, reader));
    }
  }

  private static void check(Backend backend, String name, UnaryOperator<Value> reader) {
    float[] x = uniform(1, N * X.size());
    OpRun alone = OpRun.training(backend, N, v -> reader.apply(v.getFirst()), X);
    OpRun other = OpRun.training(backend, N, v -> Relu.relu("other", v.getFirst()), X);
    int width = alone.output().c();
    float[] dy = uniform(2, N * X.pixels() * (width + X.c()));
    alone.run(N, channels(dy, width + X.c(), 0, width), x);
    other.run(N, channels(dy, width + X.c(), width, X.c()), x);
    double[] sum = doubles(alone.dx(0));
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.dx(0)[i];
    }
    OpRun first =
        OpRun.training(
            backend,
            N,
            v -> {
              Value y = reader.apply(v.getFirst());
              return Concat.concat("both", y, Relu.relu("other", v.getFirst()));
            },
            X);
    first.run(N, dy, x);
    assertClose(sum, first.dx(0), 1e-6, name + " reads first and adds");
    OpRun second =
        OpRun.training(
            backend,
            N,
            v -> {
              Value r = Relu.relu("other", v.getFirst());
              return Concat.concat("both", reader.apply(v.getFirst()), r);
            },
            X);
    second.run(N, dy, x);
    assertClose(sum, second.dx(0), 1e-6, name + " reads second and sets");
  }

  private static float[] channels(float[] image, int pitch, int from, int count) {
    float[] part = new float[image.length / pitch * count];
    for (int i = 0; i < part.length; i++) {
      part[i] = image[i / count * pitch + from + i % count];
    }
    return part;
  }
}
