package dae.baseline;

import static dae.baseline.Border.CHANNELS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/// **Principal components of patches** (Muresan & Parks, *Adaptive principal components and image
/// denoising*, ICIP 2003, with one basis for all images). Among all directions of a patch's values
/// a few hold nearly all that differs between images; noise is as strong in each. So a patch is
/// written as a sum of these directions, and of what is small in it hardly anything is kept.
///
/// *Formula.* With the mean m of training patches and the eigenvectors V of their covariance, a
/// patch x becomes `m + V s(Vᵀ(x − m))` with `s(c) = c·max(1 − τ²/c², 0)`. An image is the mean of
/// all its overlapping patches.
///
/// @param side of a patch
/// @param threshold τ
/// @param basis m and V
record PatchPca(int side, double threshold, Basis basis) implements Baseline {
  /// Training images that patches are taken from, and pixels from one to the next.
  private static final int IMAGES = 2_000;

  private static final int STRIDE = 4;

  /// @param mean of patches, a row
  /// @param vectors a column each
  record Basis(DMatrixRMaj mean, DMatrixRMaj vectors) {
    /// Of the covariance of patches, by EJML's decomposition.
    static Basis of(Examples examples, int side) {
      int n = side * side * CHANNELS;
      int height = examples.height();
      int width = examples.width();
      DMatrixRMaj sum = new DMatrixRMaj(1, n);
      DMatrixRMaj products = new DMatrixRMaj(n, n);
      long count = 0;
      for (int image = 0; image < Math.min(IMAGES, examples.count()); image++) {
        float[] pixels = examples.image().apply(image);
        DMatrixRMaj patches = patches(pixels, height, width, side, STRIDE);
        CommonOps_DDRM.multAddTransA(patches, patches, products);
        CommonOps_DDRM.add(sum, CommonOps_DDRM.sumCols(patches, null), sum);
        count += patches.numRows;
      }
      CommonOps_DDRM.divide(sum, count);
      CommonOps_DDRM.divide(products, count);
      CommonOps_DDRM.multAddTransA(-1, sum, sum, products);
      EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
      eigen.decompose(products);
      DMatrixRMaj vectors = new DMatrixRMaj(n, n);
      for (int i = 0; i < n; i++) {
        CommonOps_DDRM.insert(eigen.getEigenVector(i), vectors, 0, i);
      }
      return new Basis(sum, vectors);
    }
  }

  static List<Baseline> candidates(Examples examples) {
    List<Baseline> all = new ArrayList<>();
    for (int side : new int[] {4, 6}) {
      Basis basis = Basis.of(examples, side);
      for (double threshold : new double[] {0.04, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.4}) {
        all.add(new PatchPca(side, threshold, basis));
      }
    }
    return all;
  }

  @Override
  public String word() {
    return String.format(Locale.ROOT, "PCA of %d×%d patches, τ %.2f", side, side, threshold);
  }

  @Override
  public void clean(float[] noisy, int height, int width, float[] clean) {
    DMatrixRMaj patches = patches(noisy, height, width, side, 1);
    int n = patches.numCols;
    for (int i = 0; i < patches.data.length; i++) {
      patches.data[i] -= basis.mean.data[i % n];
    }
    DMatrixRMaj values = new DMatrixRMaj(patches.numRows, n);
    CommonOps_DDRM.mult(patches, basis.vectors, values);
    for (int i = 0; i < values.data.length; i++) {
      double c = values.data[i];
      values.data[i] = c * Math.max(1 - threshold * threshold / (c * c), 0);
    }
    CommonOps_DDRM.multTransB(values, basis.vectors, patches);
    double[] sums = new double[height * width * CHANNELS];
    int[] counts = new int[sums.length];
    int columns = width - side + 1;
    for (int i = 0; i < patches.data.length; i++) {
      int corner = (i / n / columns * width + i / n % columns) * CHANNELS;
      int k = i % n;
      int at = corner + k / (side * CHANNELS) * width * CHANNELS + k % (side * CHANNELS);
      sums[at] += patches.data[i] + basis.mean.data[k];
      counts[at]++;
    }
    for (int i = 0; i < sums.length; i++) {
      clean[i] = (float) (sums[i] / counts[i]);
    }
  }

  /// The patches of an image, a row each.
  private static DMatrixRMaj patches(float[] image, int height, int width, int side, int stride) {
    int rows = (height - side) / stride + 1;
    int columns = (width - side) / stride + 1;
    int n = side * side * CHANNELS;
    DMatrixRMaj patches = new DMatrixRMaj(rows * columns, n);
    for (int i = 0; i < patches.data.length; i++) {
      int patch = i / n;
      int y = patch / columns * stride + i % n / (side * CHANNELS);
      int x = patch % columns * stride * CHANNELS + i % n % (side * CHANNELS);
      patches.data[i] = image[y * width * CHANNELS + x];
    }
    return patches;
  }
}
