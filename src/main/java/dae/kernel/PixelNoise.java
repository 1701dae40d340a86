package dae.kernel;

import dae.random.Key;
import dae.random.Normals;

/// The definition of the noises that work pixel by pixel, on the values of one image: H·W·C floats
/// from 0 to 1 as they follow each other, channels innermost. The scalar kernels apply it to
/// tensors, painters to pictures.
///
/// Block b of the random words ([Key#block]) serves places b, b + B, b + 2B and b + 3B, as in
/// [Normals]; the others are dropped.
public final class PixelNoise {
  private PixelNoise() {}

  /// `x = clip(x + σ·normal, 0, 1)`, by [Normals#fill].
  ///
  /// @param key whose image i it is
  public static void gaussian(float[] x, int count, Key key, int i, float sigma) {
    float[] normals = new float[count];
    Normals.fill(key.seed(), key.epoch(), key.images()[i], key.step(), count, normals, 0);
    for (int at = 0; at < count; at++) {
      x[at] = Math.max(0, Math.min(1, Math.fma(sigma, normals[at], x[at])));
    }
  }

  /// `x = min(k / peak, 1)` with k [Poisson#count] of the mean `x·peak`, one word for each value.
  public static void poisson(float[] x, int count, Key key, int i, float peak) {
    int[] words = words(count, key, i);
    for (int at = 0; at < count; at++) {
      x[at] = Math.min(1, Poisson.count(x[at] * peak, words[at]) / peak);
    }
  }

  /// All channels of a pixel become 0 where u < share / 2, and 1 where otherwise u < share; u = the
  /// upper 24 bits of one word for each pixel, from 0 to 1.
  public static void saltPepper(float[] x, int count, int channels, Key key, int i, float share) {
    int[] words = words(count / channels, key, i);
    for (int at = 0; at < count; at++) {
      float u = (words[at / channels] >>> 8) * Normals.STEP;
      x[at] = u < share / 2 ? 0 : u < share ? 1 : x[at];
    }
  }

  /// One random word for each of `count` places.
  private static int[] words(int count, Key key, int i) {
    int blocks = Normals.blocks(count);
    int[] words = new int[4 * blocks];
    int[] block = new int[4];
    for (int b = 0; b < blocks; b++) {
      key.block(b, i, block);
      for (int quarter = 0; quarter < 4; quarter++) {
        words[b + quarter * blocks] = block[quarter];
      }
    }
    return words;
  }
}
