package peers;

import dae.kernel.Pass;
import dae.kernel.simd.SimdBackend;
import dae.product.Product;

/// What goes into one product of a convolution and what has to come out: images are N×H×W×C,
/// filters KH×KW×I×O.
///
/// @param y for the gradients that of the output
/// @param expected what ours makes of it; where that is wrong, all others differ from it
record Factors(Convolution shape, Pass pass, float[] x, float[] w, float[] y, float[] expected) {
  /// Random ones, the same in every JVM.
  static Factors random(Task task) {
    Convolution shape = Convolution.named(task.subject());
    Pass pass = task.what().pass;
    SimdBackend ours = new SimdBackend(task.threads());
    Product product = Product.random(ours, shape.spec(), pass, shape.n());
    float[] expected = product.run().floats();
    ours.close();
    Product.Operands in = product.in();
    return new Factors(shape, pass, in.x().floats(), in.w().floats(), in.y().floats(), expected);
  }

  /// The largest difference, as a share of what is expected (its root mean square).
  double distance(float[] got) {
    double most = got.length == expected.length ? 0 : Double.NaN;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(got[i] - expected[i]));
      squares += (double) expected[i] * expected[i];
    }
    return most / Math.sqrt(squares / expected.length);
  }
}
