package peers;

import dae.kernel.simd.SimdBackend;
import dae.product.Product;
import dae.tensor.Tensor;

/// This engine, weights packed again in every call as in training.
final class OurProduct implements Contender {
  private final Factors factors;
  private final Product product;
  private Tensor result;

  OurProduct(Task task, Factors factors) {
    this.factors = factors;
    Convolution shape = factors.shape();
    product =
        Product.random(new SimdBackend(task.threads()), shape.spec(), factors.pass(), shape.n());
  }

  @Override
  public void run() {
    result = product.run();
  }

  @Override
  public double error() {
    return factors.distance(result.floats());
  }
}
