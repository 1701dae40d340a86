package dae.kernel;

import dae.tensor.Tensor;

/// The three products of a convolution. Each is linear in both of its factors, and each sums over
/// what the other two keep:
///
/// - forward `y[n,oh,ow,oc] = Σ_{kh,kw,ic} x[n,ih,iw,ic] · w[kh,kw,ic,oc]`
/// - input gradient `dx[n,ih,iw,ic] = Σ_{kh,kw,oc} dy[n,oh,ow,oc] · w[kh,kw,ic,oc]`
/// - filter gradient `dw[kh,kw,ic,oc] = Σ_{n,oh,ow} x[n,ih,iw,ic] · dy[n,oh,ow,oc]`
///
/// always over the index triples with ih = oh·stride − padTop + kh inside the image, likewise iw.
///
/// All may overwrite the workspace's scratch, and renew its derived part when it is stale.
public interface ConvKernels {
  /// What the given pass wants at run time for up to `capacity` images. Called when a plan is
  /// compiled; prepares everything that depends on the shape alone.
  Needs needs(Conv2dSpec s, Pass pass, int capacity);

  /// y from x and w. The epilogue's vectors have OC elements. Sets y or adds to it; under a sigmoid
  /// it only sets. No two arguments may overlap.
  void forward(
      Conv2dSpec s,
      int n,
      Tensor x,
      Tensor w,
      Tensor y,
      Write write,
      Epilogue epilogue,
      Workspace workspace);

  /// dx from dy and w. The epilogue's vectors have IC elements; it serves the transposed
  /// convolution's forward pass. Sets dx or adds to it; under a sigmoid it only sets. No two
  /// arguments may overlap.
  void backwardInput(
      Conv2dSpec s,
      int n,
      Tensor dy,
      Tensor w,
      Tensor dx,
      Write write,
      Epilogue epilogue,
      Workspace workspace);

  /// dw from x and dy. Sets dw or adds to it. No two arguments may overlap.
  void backwardFilter(
      Conv2dSpec s, int n, Tensor x, Tensor dy, Tensor dw, Write write, Workspace workspace);
}
