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

class ConvTranspose2dTest {
  record Case(String name, int n, int h, int w, int c, int filters, int kernel, int stride) {}

  private static final List<Case> CASES =
      List.of(
          new Case("one number", 1, 1, 1, 1, 1, 1, 1),
          new Case("odd extents", 2, 5, 3, 3, 4, 3, 1),
          new Case("stride 2", 1, 4, 3, 3, 5, 3, 2),
          new Case("window and stride 2", 3, 2, 2, 2, 3, 2, 2),
          new Case("even window", 2, 3, 4, 1, 2, 2, 1),
          new Case("window 5, stride 3", 1, 3, 2, 2, 3, 5, 3),
          new Case("window 5, stride 2", 1, 4, 3, 2, 2, 5, 2),
          new Case("window and stride 3", 2, 2, 3, 2, 2, 3, 3),
          new Case("a single pixel", 1, 1, 1, 3, 2, 3, 2),
          new Case("a window larger than the image", 1, 2, 2, 17, 3, 5, 1));

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
                ConvTranspose2d.convTranspose2d(
                    "conv", x.getFirst(), c.filters, c.kernel, c.stride, Init::glorotUniform, bias),
            Shape.image(c.h, c.w, c.c));
    float[] x = uniform(1, c.n * c.h * c.w * c.c);
    float[] w = uniform(2, c.kernel * c.kernel * c.filters * c.c);
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

  /// Stamps every pixel's window onto a canvas that is large enough for all, then cuts the middle
  /// out: k − s rows and columns go, the smaller half in front.
  private static double[] transcribed(Case c, double[] x, double[] w, double[] b) {
    int H = c.h * c.stride;
    int W = c.w * c.stride;
    int canvasH = (c.h - 1) * c.stride + c.kernel;
    int canvasW = (c.w - 1) * c.stride + c.kernel;
    int cut = (c.kernel - c.stride) / 2;
    double[] y = new double[c.n * H * W * c.filters];
    for (int image = 0; image < c.n; image++) {
      for (int filter = 0; filter < c.filters; filter++) {
        double[][] canvas = new double[canvasH][canvasW];
        for (int i = 0; i < c.h * c.w * c.c; i++) {
          int channel = i % c.c;
          int column = i / c.c % c.w;
          int row = i / c.c / c.w;
          double value = x[image * c.h * c.w * c.c + i];
          for (int tap = 0; tap < c.kernel * c.kernel; tap++) {
            canvas[row * c.stride + tap / c.kernel][column * c.stride + tap % c.kernel] +=
                value * w[(tap * c.filters + filter) * c.c + channel];
          }
        }
        for (int p = 0; p < H * W; p++) {
          y[(image * H * W + p) * c.filters + filter] =
              canvas[p / W + cut][p % W + cut] + b[filter];
        }
      }
    }
    return y;
  }

  /// The row of the op's head, worked by hand: stride 2, a window of which one row is not 0.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void givesTheNumbersOfItsHead(TestBackends kind) {
    try (Backend backend = kind.open()) {
      OpRun run =
          OpRun.training(
              backend,
              1,
              x -> ConvTranspose2d.convTranspose2d("row", x.getFirst(), 1, 3, 2),
              Shape.image(1, 2, 1));
      run.set("row/kernel", new float[] {1, 10, 100, 0, 0, 0, 0, 0, 0});
      run.run(1, new float[] {1, 2, 3, 4, 0, 0, 0, 0}, new float[] {1, 2});
      assertArrayEquals(new float[] {1, 10, 102, 20, 0, 0, 0, 0}, run.y());
      assertArrayEquals(new float[] {321, 43}, run.dx(0));
      assertArrayEquals(new float[] {7, 10, 3}, Arrays.copyOf(run.gradient("row/kernel"), 3));
      assertArrayEquals(new float[] {10}, run.gradient("row/bias"));
    }
  }

  @Test
  void rejectsWhatMakesNoSense() {
    Value x = new Graph().input("x", Shape.image(4, 4, 2));
    assertEquals(
        "t: expected a kernel of at least the stride 3, got 2 — choose a larger kernel, or some"
            + " outputs would get nothing",
        assertThrows(
                IllegalArgumentException.class,
                () -> ConvTranspose2d.convTranspose2d("t", x, 1, 2, 3))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> ConvTranspose2d.convTranspose2d("t", x, 0, 3, 1));
    assertThrows(
        IllegalArgumentException.class, () -> ConvTranspose2d.convTranspose2d("t", x, 1, 3, 0));
  }
}
