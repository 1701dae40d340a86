package dae.op;

import static dae.op.Concat.concat;
import static dae.op.Slice.slice;
import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dae.graph.Graph;
import dae.graph.OpRun;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.tensor.Shape;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbers are moved only, and so are exact.
class SliceTest {
  private static final int N = 2;
  private static final Shape SHAPE = Shape.image(3, 5, 7);

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void oneSlice(TestBackends kind) {
    check(kind, x -> slice("s", x.getFirst(), 2, 3), 2, 3, 4);
    check(kind, x -> slice("s", x.getFirst(), 0, 2), 0, 1);
    check(kind, x -> slice("s", x.getFirst(), 6, 1), 6);
    check(kind, x -> slice("s", x.getFirst(), 0, 7), 0, 1, 2, 3, 4, 5, 6);
  }

  /// A channel that is read twice gets both gradients, one that is not read none.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void slicesThatOverlap(TestBackends kind) {
    check(
        kind,
        x -> concat("both", slice("a", x.getFirst(), 3, 3), slice("b", x.getFirst(), 1, 4)),
        3,
        4,
        5,
        1,
        2,
        3,
        4);
  }

  /// @param channels of x, in y's order
  private static void check(TestBackends kind, Function<List<Value>, Value> op, int... channels) {
    int pixels = N * SHAPE.pixels();
    float[] x = uniform(1, N * SHAPE.size());
    float[] dy = uniform(2, pixels * channels.length);
    float[] y = new float[dy.length];
    float[] dx = new float[x.length];
    for (int m = 0; m < pixels; m++) {
      for (int i = 0; i < channels.length; i++) {
        int from = m * SHAPE.c() + channels[i];
        y[m * channels.length + i] = x[from];
        dx[from] += dy[m * channels.length + i];
      }
    }
    try (Backend backend = kind.open()) {
      OpRun run = OpRun.training(backend, N, op, SHAPE);
      run.run(N, dy, x);
      assertArrayEquals(y, run.y(), "y");
      assertArrayEquals(dx, run.dx(0), "dx");
    }
  }

  @Test
  void rejectsChannelsThatAreNotThere() {
    Value x = new Graph().input("x", SHAPE);
    assertEquals(
        "s: expected channels within the 7 of x N×H3×W5×C7, got 3 from 5 on — ask for others",
        assertThrows(IllegalArgumentException.class, () -> slice("s", x, 5, 3)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> slice("s", x, -1, 3));
    assertThrows(IllegalArgumentException.class, () -> slice("s", x, 2, 0));
  }
}
