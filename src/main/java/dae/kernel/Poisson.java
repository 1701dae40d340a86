package dae.kernel;

import dae.random.NormalQuantile;
import dae.random.Normals;

/// A Poisson-distributed number from one random word, with the same bits on all backends. It is the
/// distribution function's inverse, found in one of two ways:
///
/// *Mean m < 10: by summing.* With u = (upper 24 bits of the word)·2⁻²⁴, k counts the sums of
/// probabilities that u has passed:
///
/// ```
/// p₀ = exp(−m),  pₖ = pₖ₋₁ · m · (1 / k),        k = #{ j : u ≥ p₀ + … + pⱼ }
/// ```
///
/// A term of at most 2⁻²⁵ no longer changes a sum near 1 and ends it. The error is that of
/// rounding: the distribution function is off by less than 2·10⁻⁷.
///
/// *m ≥ 10: by expanding.* With z = the normal of the word ([NormalQuantile]),
///
/// ```
/// k = ⌊ m + √m·z + (1/3 + z²/6) + (−z/36 − z³/72) / √m + (−8/405 + 7z²/810 + z⁴/270) / m ⌋
/// ```
///
/// Cornish and Fisher's expansion, plus the half that makes ⌊ ⌋ of a continuous number a whole one.
/// The distribution function is off by at most 5·10⁻⁵·(10/m)² + 6·10⁻⁸·(√m + 1), where the second
/// part is rounding; the mean by 3·10⁻⁶ at 10 and 5·10⁻⁴ at 10,000, the variance by 3·10⁻⁴ of
/// itself at 10 and 3·10⁻⁶ at 100.
///
/// Sources: Devroye, *Non-uniform random variate generation*, 1986, X.3 (inversion); Giles,
/// *Algorithm 955: approximation of the inverse Poisson cumulative distribution function*, ACM
/// Transactions on Mathematical Software 42, 2016 (the expansion).
public final class Poisson {
  /// Means from here on are expanded.
  public static final float LARGE = 10f;

  /// Where a sum of probabilities ends.
  public static final float NEGLIGIBLE = 0x1p-25f;

  /// The coefficients, numerator and denominator.
  public static final float C_1_3 = 1f / 3,
      C_1_6 = 1f / 6,
      C_1_36 = 1f / 36,
      C_1_72 = 1f / 72,
      C_8_405 = 8f / 405,
      C_7_810 = 7f / 810,
      C_1_270 = 1f / 270;

  private Poisson() {}

  /// The number for a mean from 0 to 10,000, a whole one.
  public static float count(float mean, int word) {
    return mean < LARGE ? sum(mean, word) : expand(mean, word);
  }

  private static float sum(float mean, int word) {
    float u = (word >>> 8) * Normals.STEP;
    float p = Exp.exp(-mean);
    float sum = p;
    int k = 0;
    while (u >= sum && p > NEGLIGIBLE) {
      k++;
      p *= mean * (1f / k);
      sum += p;
    }
    return k;
  }

  private static float expand(float mean, int word) {
    float z = NormalQuantile.of(word);
    float root = (float) Math.sqrt(mean);
    float inverse = 1f / root;
    float square = z * z;
    float third = Math.fma(Math.fma(square, C_1_270, C_7_810), square, -C_8_405);
    float second = Math.fma(square, -C_1_72, -C_1_36) * z;
    float first = Math.fma(square, C_1_6, C_1_3);
    float c = Math.fma(Math.fma(third, inverse, second), inverse, first);
    return (int) Math.max(0f, mean + Math.fma(root, z, c));
  }
}
