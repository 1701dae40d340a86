package dae.baseline;

import java.util.List;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.mult.MatrixMatrixMult_MT_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/// **PCA of whole images**, the linear autoencoder (Baldi & Hornik, *Neural networks and principal
/// component analysis*, 1989): the best that can be done with a third as many numbers as the image
/// has, if encoder and decoder are matrices. The article's network keeps as many where it is
/// narrowest, 2×2×256 for 32×32×3; what its layers buy, skips apart, is the difference.
///
/// *Formula.* `clean = m + Q Qᵀ(noisy − m)`, Q an orthonormal basis of the k directions in which
/// training images differ most. They are found by subspace iteration (Halko, Martinsson & Tropp,
/// *Finding structure with randomness*, SIAM Review 53, 2011): a random basis is multiplied with
/// the covariance and made orthonormal, again and again. All eigenvectors of 3,072² numbers would
/// take minutes.
///
/// @param mean of training images, a row
/// @param directions Q, a column each
record ImagePca(DMatrixRMaj mean, DMatrixRMaj directions) implements Baseline {
  private static final int IMAGES = 3_000;
  private static final int ROUNDS = 2;

  /// Numbers of an image for one that is kept.
  private static final int SHARE = 3;

  static List<Baseline> candidates(Examples examples) {
    int count = Math.min(IMAGES, examples.count());
    int n = examples.image().apply(0).length;
    DMatrixRMaj images = new DMatrixRMaj(count, n);
    for (int i = 0; i < count; i++) {
      float[] image = examples.image().apply(i);
      for (int k = 0; k < n; k++) {
        images.data[i * n + k] = image[k];
      }
    }
    DMatrixRMaj mean = CommonOps_DDRM.sumCols(images, null);
    CommonOps_DDRM.divide(mean, count);
    for (int i = 0; i < images.data.length; i++) {
      images.data[i] -= mean.data[i % n];
    }
    int kept = Math.max(1, Math.min(n / SHARE, count - 1));
    DMatrixRMaj directions = RandomMatrices_DDRM.rectangle(n, kept, -1, 1, new Random(1));
    DMatrixRMaj products = new DMatrixRMaj(count, kept);
    for (int round = 0; round < ROUNDS; round++) {
      MatrixMatrixMult_MT_DDRM.mult_reorder(images, directions, products);
      MatrixMatrixMult_MT_DDRM.multTransA_reorder(images, products, directions);
      QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(n, kept);
      qr.decompose(directions);
      directions = qr.getQ(null, true);
    }
    return List.of(new ImagePca(mean, directions));
  }

  @Override
  public String word() {
    return "PCA of the image, %,d numbers".formatted(directions.numCols);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    DMatrixRMaj image = new DMatrixRMaj(1, noisy.length);
    for (int i = 0; i < noisy.length; i++) {
      image.data[i] = noisy[i] - mean.data[i];
    }
    DMatrixRMaj kept = new DMatrixRMaj(1, directions.numCols);
    CommonOps_DDRM.mult(image, directions, kept);
    CommonOps_DDRM.multTransB(kept, directions, image);
    for (int i = 0; i < noisy.length; i++) {
      clean[i] = (float) (image.data[i] + mean.data[i]);
    }
  }
}
