package dae.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.random.Normals;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Facts about the real images; skipped where the environment variable `DAE_DATA` names no folder
/// with the archives.
class RealDataTest {
  private static Dataset dataset(String name) {
    String folder = System.getenv("DAE_DATA");
    assumeTrue(folder != null, "DAE_DATA is not set: no real images");
    assumeTrue(Datasets.present(name, Path.of(folder)), name + " is not in " + folder);
    return Datasets.open(name, Path.of(folder));
  }

  /// Mean of (clip(x + 0.1 z) − x)² over all values of a split.
  private static double noisyError(Images images) {
    int values = images.bytesPerImage();
    float[] normals = new float[values];
    double sum = 0;
    for (int image = 0; image < images.count(); image++) {
      Normals.fill(1, 0, image, 0, values, normals, 0);
      for (int i = 0; i < values; i++) {
        float clean = (images.bytes()[image * values + i] & 0xFF) / 255f;
        float noisy = Math.clamp(clean + 0.1f * normals[i], 0f, 1f);
        sum += (double) (noisy - clean) * (noisy - clean);
      }
    }
    return sum / ((double) images.count() * values);
  }

  @Test
  void noisyErrorOfCifar100() {
    assertEquals(0.009110, noisyError(dataset("cifar100").test()), 0.00001);
  }

  @Test
  void noisyErrorOfCifar10() {
    assertEquals(0.009305, noisyError(dataset("cifar10").test()), 0.00001);
  }

  @Test
  void channelMeansOfCifar100() {
    Images images = (Images) dataset("cifar100").training();
    assertEquals(50_000, images.count());
    long[] sums = new long[3];
    for (int i = 0; i < images.bytes().length; i++) {
      sums[i % 3] += images.bytes()[i] & 0xFF;
    }
    double pixels = 50_000.0 * 1024 * 255;
    assertEquals(0.5071, sums[0] / pixels, 0.0001);
    assertEquals(0.4865, sums[1] / pixels, 0.0001);
    assertEquals(0.4409, sums[2] / pixels, 0.0001);
  }
}
