package dae.op;

import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.norm;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dae.graph.OpRun;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The transposed convolution is the transpose: ⟨conv(a), b⟩ = ⟨a, convᵀ(b)⟩. And a linear map's
/// gradients are its transposes: ⟨y, dy⟩ = ⟨x, dx⟩ = ⟨w, dw⟩ where the bias is 0.
class AdjointTest {
  /// Filters, channels, kernel, stride, extent of the smaller side.
  private static final int[][] CASES = {
    {1, 1, 1, 1, 1},
    {3, 8, 3, 2, 4},
    {17, 5, 3, 1, 5},
    {33, 16, 3, 2, 3},
    {4, 3, 5, 2, 3},
    {6, 2, 3, 3, 2},
    {5, 7, 2, 2, 3},
    {64, 32, 3, 2, 4},
    {2, 3, 2, 1, 4},
    {40, 3, 6, 2, 5},
  };

  private static final int N = 2;

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void transposed(TestBackends kind) {
    try (Backend backend = kind.open()) {
      for (int[] c : CASES) {
        int filters = c[0];
        int channels = c[1];
        int kernel = c[2];
        int stride = c[3];
        Shape large = Shape.image(c[4] * stride, c[4] * stride, channels);
        Shape small = Shape.image(c[4], c[4], filters);
        OpRun conv =
            OpRun.training(
                backend,
                N,
                x -> Conv2d.conv2d("layer", x.getFirst(), filters, kernel, stride),
                large);
        OpRun transposed =
            OpRun.training(
                backend,
                N,
                x ->
                    ConvTranspose2d.convTranspose2d(
                        "layer", x.getFirst(), channels, kernel, stride),
                small);
        assertEquals(small, conv.output());
        assertEquals(large, transposed.output());
        float[] a = uniform(1, N * large.size());
        float[] b = uniform(2, N * small.size());
        float[] w = uniform(3, kernel * kernel * channels * filters);
        conv.set("layer/kernel", w);
        transposed.set("layer/kernel", w);
        conv.run(N, b, a);
        transposed.run(N, a, b);
        double[] y = doubles(conv.y());
        double product = dot(y, doubles(b));
        double rounding = 1e-6 * norm(y) * norm(doubles(b));
        assertEquals(product, dot(doubles(a), doubles(transposed.y())), rounding, "transpose");
        for (OpRun run : new OpRun[] {conv, transposed}) {
          double[] x = doubles(run == conv ? a : b);
          assertEquals(product, dot(x, doubles(run.dx(0))), rounding, "dx");
          double[] dw = doubles(run.gradient("layer/kernel"));
          assertEquals(product, dot(doubles(w), dw), rounding, "dw");
        }
      }
    }
  }
}
