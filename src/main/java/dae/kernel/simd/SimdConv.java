package dae.kernel.simd;

import dae.kernel.Activation;
import dae.kernel.Conv2dSpec;
import dae.kernel.ConvKernels;
import dae.kernel.Epilogue;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// The three products of a convolution: two of them make images ([ImageProduct]), one makes filters
/// ([FilterProduct]). What depends on the shape alone is prepared once per shape.
final class SimdConv implements ConvKernels {
  private final Workers workers;
  private final Map<Conv2dSpec, ImageProduct> forward = new HashMap<>();
  private final Map<Conv2dSpec, ImageProduct> backwardInput = new HashMap<>();
  private final Map<Conv2dSpec, FilterProduct> backwardFilter = new HashMap<>();

  private final SimdMap map;

  SimdConv(Workers workers, SimdMap map) {
    this.workers = workers;
    this.map = map;
  }

  @Override
  public Needs needs(Conv2dSpec s, Pass pass, int capacity) {
    return switch (pass) {
      case FORWARD -> forward.computeIfAbsent(s, k -> ImageProduct.of(k, pass, workers)).needs();
      case BACKWARD_INPUT ->
          backwardInput.computeIfAbsent(s, k -> ImageProduct.of(k, pass, workers)).needs();
      case BACKWARD_FILTER ->
          backwardFilter.computeIfAbsent(s, k -> FilterProduct.of(k, workers)).needs(capacity);
    };
  }

  @Override
  public void forward(
      Conv2dSpec s,
      int n,
      Tensor x,
      Tensor w,
      Tensor y,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    forward.get(s).run(n, x, w, y, write, epilogue, workspace);
    finish(n, y, epilogue);
  }

  @Override
  public void backwardInput(
      Conv2dSpec s,
      int n,
      Tensor dy,
      Tensor w,
      Tensor dx,
      Write write,
      Epilogue epilogue,
      Workspace workspace) {
    backwardInput.get(s).run(n, dy, w, dx, write, epilogue, workspace);
    finish(n, dx, epilogue);
  }

  /// The exponential is too long for the products' store; here a sigmoid is a pass of its own.
  private void finish(int n, Tensor to, Epilogue epilogue) {
    if (epilogue.f() == Activation.SIGMOID) {
      map.sigmoid(n, to, to);
    }
  }

  @Override
  public void backwardFilter(
      Conv2dSpec s, int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace) {
    backwardFilter.get(s).run(n, x, dy, dw, write, workspace);
  }
}
