package dae.op;

import static dae.tensor.Numbers.assertClose;
import static dae.tensor.Numbers.dot;
import static dae.tensor.Numbers.doubles;
import static dae.tensor.Numbers.slope;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.graph.Graph;
import dae.graph.Init;
import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Conv2dTest {
  record Case(String name, int n, int h, int w, int c, int filters, int kernel, int stride) {}

  private static final List<Case> CASES =
      List.of(
          new Case("one number", 1, 1, 1, 1, 1, 1, 1),
          new Case("odd extents", 2, 5, 7, 3, 4, 3, 1),
          new Case("odd extents, stride 2", 1, 7, 5, 3, 5, 3, 2),
          new Case("even extents, stride 2", 2, 8, 6, 2, 3, 3, 2),
          new Case("window and stride 2", 3, 6, 6, 2, 3, 2, 2),
          new Case("even window", 2, 5, 4, 1, 2, 2, 1),
          new Case("window 5, stride 3", 1, 8, 9, 2, 3, 5, 3),
          new Case("window 5, stride 2", 1, 11, 4, 2, 2, 5, 2),
          new Case("a window smaller than its stride", 1, 7, 7, 2, 2, 2, 3),
          new Case("window 1, stride 2", 2, 4, 5, 3, 2, 1, 2),
          new Case("a single row", 1, 1, 3, 5, 3, 3, 2),
          new Case("a window larger than the image", 1, 2, 2, 2, 17, 5, 1));

  private static final double TOLERANCE = 1e-6;

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void matchesTheTranscriptionAndItsSlopes(TestBackends kind) {
    try (Backend backend = kind.open()) {
      assertAll(
          CASES.stream()
              .flatMap(c ->
                  Stream.<Executable>of(
                      () -> check(backend, c, true), () -> check(backend, c, false))));
    }
  }

  private static void check(Backend backend, Case c, boolean biased) {
    Init bias = biased ? Init.zeros() : null;
    OpRun run =
        OpRun.training(
            backend,
            c.n,
            x ->
                Conv2d.conv2d(
                    "conv", x.getFirst(), c.filters, c.kernel, c.stride, Init::glorotUniform, bias),
            Shape.image(c.h, c.w, c.c));
    float[] x = uniform(1, c.n * c.h * c.w * c.c);
    float[] w = uniform(2, c.kernel * c.kernel * c.c * c.filters);
    float[] b = biased ? uniform(3, c.filters) : new float[c.filters];
    float[] dy = uniform(4, c.n * run.output().size());
    run.set("conv/kernel", w);
    if (biased) {
      run.set("conv/bias", b);
    }
    run.run(c.n, dy, x);
    double[] X = doubles(x);
    double[] W = doubles(w);
    double[] B = doubles(b);
    double[] DY = doubles(dy);
    assertClose(transcribed(c, X, W, B), run.y(), TOLERANCE, c + " y");
    assertClose(
        slope(at -> dot(transcribed(c, at, W, B), DY), X, 1), run.dx(0), TOLERANCE, c + " dx");
    assertClose(
        slope(at -> dot(transcribed(c, X, at, B), DY), W, 1),
        run.gradient("conv/kernel"),
        TOLERANCE,
        c + " dw");
    assertEquals(
        biased ? Set.of("conv/kernel", "conv/bias") : Set.of("conv/kernel"),
        Set.copyOf(run.learnt()));
    if (biased) {
      assertClose(
          slope(at -> dot(transcribed(c, X, W, at), DY), B, 1),
          run.gradient("conv/bias"),
          TOLERANCE,
          c + " db");
    }
  }

  /// The formula from the input's side: each pixel adds itself to every output whose window covers
  /// it. Padding as TensorFlow's documentation states it.
  private static double[] transcribed(Case c, double[] x, double[] w, double[] b) {
    int H = (c.h + c.stride - 1) / c.stride;
    int W = (c.w + c.stride - 1) / c.stride;
    double[] y = new double[c.n * H * W * c.filters];
    for (int i = 0; i < y.length; i++) {
      y[i] = b[i % c.filters];
    }
    int top = padding(c.h, c) / 2;
    int left = padding(c.w, c) / 2;
    for (int i = 0; i < x.length; i++) {
      int channel = i % c.c;
      int column = i / c.c % c.w;
      int row = i / c.c / c.w % c.h;
      int image = i / c.c / c.w / c.h;
      for (int tap = 0; tap < c.kernel * c.kernel; tap++) {
        int down = row + top - tap / c.kernel;
        int right = column + left - tap % c.kernel;
        boolean hit = down % c.stride == 0 && right % c.stride == 0;
        if (hit && down >= 0 && right >= 0 && down / c.stride < H && right / c.stride < W) {
          int pixel = (image * H + down / c.stride) * W + right / c.stride;
          for (int filter = 0; filter < c.filters; filter++) {
            y[pixel * c.filters + filter] += x[i] * w[(tap * c.c + channel) * c.filters + filter];
          }
        }
      }
    }
    return y;
  }

  private static int padding(int n, Case c) {
    int last = n % c.stride == 0 ? c.stride : n % c.stride;
    return Math.max(c.kernel - last, 0);
  }

  /// The row of the op's head, worked by hand: stride 2, a window of which one row is not 0.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void givesTheNumbersOfItsHead(TestBackends kind) {
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend, 1, x -> Conv2d.conv2d("row", x.getFirst(), 1, 3, 2), Shape.image(2, 4, 1));
      run.set("row/kernel", new float[] {1, 10, 100, 0, 0, 0, 0, 0, 0});
      run.run(1, new float[] {1, 2}, new float[] {1, 2, 3, 4, 0, 0, 0, 0});
      assertArrayEquals(new float[] {321, 43}, run.y());
      assertArrayEquals(new float[] {1, 10, 102, 20, 0, 0, 0, 0}, run.dx(0));
      assertArrayEquals(new float[] {7, 10, 3}, Arrays.copyOf(run.gradient("row/kernel"), 3));
      assertArrayEquals(new float[] {3}, run.gradient("row/bias"));
    }
  }

  @Test
  void rejectsWhatMakesNoSense() {
    Value x = new Graph().input("x", Shape.image(4, 4, 2));
    Value loss = MeanSquaredError.meanSquaredError("loss", x, x);
    assertEquals(
        "c: expected at least 1 filter, got 0 — ask for more",
        assertThrows(IllegalArgumentException.class, () -> Conv2d.conv2d("c", x, 0, 3, 1))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Conv2d.conv2d("c", x, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Conv2d.conv2d("c", x, 1, 3, 0));
    assertEquals(
        "c: expected an image N×H×W×C, got scalar — feed it feature maps",
        assertThrows(IllegalArgumentException.class, () -> Conv2d.conv2d("c", loss, 1, 3, 1))
            .getMessage());
  }
}
