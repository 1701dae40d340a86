package dae.product;

import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import java.util.Random;

/// One product of a convolution, weights packed again in each call as in training.
public final class Product {
  /// What goes in: two of the three, by the pass.
  public record Operands(Conv2dSpec s, int n, Tensor x, Tensor w, Tensor y) {
    public static Operands random(Conv2dSpec s, int n) {
      Random random = new Random(1);
      return new Operands(
          s, n, random(s.x(), n, random), random(s.w(), 1, random), random(s.y(), n, random));
    }

    private static Tensor random(Shape shape, int n, Random random) {
      Tensor tensor = Tensor.onHeap(shape, n);
      for (int i = 0; i < tensor.floats().length; i++) {
        tensor.floats()[i] = random.nextFloat() - 0.5f;
      }
      return tensor;
    }
  }

  private final Backend backend;
  private final Operands in;
  private final Pass pass;
  private final Tensor out;
  private final Workspace workspace;
  private long version;

  /// @param scratch memory that all products may share
  public Product(Backend backend, Operands in, Pass pass, Tensor scratch) {
    this.backend = backend;
    this.in = in;
    this.pass = pass;
    out =
        switch (pass) {
          case FORWARD -> Tensor.onHeap(in.s.y(), in.n);
          case BACKWARD_INPUT -> Tensor.onHeap(in.s.x(), in.n);
          case BACKWARD_FILTER -> Tensor.onHeap(in.s.w(), 1);
        };
    Needs needs = backend.conv().needs(in.s, pass, in.n);
    workspace = new Workspace(scratch, floats(needs.derived()), () -> version++);
  }

  /// With operands and scratch memory of its own.
  public static Product random(Backend backend, Conv2dSpec s, Pass pass, int n) {
    Operands in = Operands.random(s, n);
    return new Product(backend, in, pass, floats(backend.conv().needs(s, pass, n).scratch()));
  }

  public static Tensor floats(long length) {
    return Tensor.onHeap(Shape.vector((int) Math.max(1, length)), 1);
  }

  public Operands in() {
    return in;
  }

  public Tensor run() {
    Conv2dSpec s = in.s;
    Epilogue none = Epilogue.NONE;
    switch (pass) {
      case FORWARD -> backend.conv().forward(s, in.n, in.x, in.w, out, Write.SET, none, workspace);
      case BACKWARD_INPUT ->
          backend.conv().backwardInput(s, in.n, in.y, in.w, out, Write.SET, none, workspace);
      case BACKWARD_FILTER ->
          backend.conv().backwardFilter(s, in.n, in.x, in.y, out, Write.SET, workspace);
    }
    return out;
  }
}
