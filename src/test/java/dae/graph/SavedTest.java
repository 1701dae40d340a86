package dae.graph;

import static dae.tensor.Numbers.uniform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.kernel.Write;
import dae.tensor.Shape;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What an op saves of an image's shape has room for all images of a run.
class SavedTest {
  private static final Shape X = Shape.image(3, 5, 2);
  private static final int N = 3;

  /// A ReLU that hands back the input that it has saved, whatever the gradient.
  private record Memory(String label, Value x) implements Op {
    @Override
    public List<Value> inputs() {
      return List.of(x);
    }

    @Override
    public Shape output() {
      return x.shape();
    }

    @Override
    public Keeps keeps() {
      return Keeps.NOTHING;
    }

    @Override
    public List<Shape> saved() {
      return List.of(x.shape());
    }

    @Override
    public void forward(Step s) {
      s.map().copy(s.n(), s.in(0), s.saved(0), Write.SET);
      s.map().relu(s.n(), s.in(0), s.out());
    }

    @Override
    public void backward(Step s) {
      s.map().copy(s.n(), s.saved(0), s.gradIn(0), s.write(0));
    }
  }

  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void holdsEveryImage(TestBackends kind) {
    try (Backend backend = kind.open()) {
      float[] x = uniform(1, N * X.size());
      OpRun run =
          OpRun.training(
              backend,
              N,
              v -> {
                Graph graph = v.getFirst().graph();
                return graph.add(
                    new Memory("second", graph.add(new Memory("first", v.getFirst()))));
              },
              X);
      run.run(N, uniform(2, x.length), x);
      assertArrayEquals(x, run.dx(0));
    }
  }
}
