package dae.random;

/// A standard normal from a single random word, by the inverse of its distribution function:
///
/// ```
/// x = (2 · (upper 24 bits) + 1) · 2⁻²⁴ − 1          in (−1, 1), exact, never 0
/// z = √2 · erf⁻¹(x) = √2 · x · P(w),                w = −ln((1 − |x|)(1 + |x|))
/// ```
///
/// where P is one polynomial for w < 5, around 2.5, and another of √w, around 3, beyond. It grows
/// with the word, so it can stand for the uniform number of an inversion. [Normals] makes normals
/// at less cost where two words may share two of them.
///
/// Relative error below 10⁻⁶; largest magnitude 5.42, because x has 24 bits and a sign. The twins
/// are held to the same rules as those of [Normals].
///
/// Source: Giles, *Approximating the erfinv function*, GPU Computing Gems Jade Edition, 2011.
public final class NormalQuantile {
  /// √2.
  public static final float SQRT_2 = 1.4142135f;

  /// Where the second polynomial begins.
  public static final float TAIL = 5f;

  /// P for w < 5 in powers of w − 2.5, lowest power first.
  public static final float C0 = 1.50140941f,
      C1 = 0.246640727f,
      C2 = -0.00417768164f,
      C3 = -0.00125372503f,
      C4 = 0.00021858087f,
      C5 = -4.39150654e-06f,
      C6 = -3.5233877e-06f,
      C7 = 3.43273939e-07f,
      C8 = 2.81022636e-08f;

  /// P for w ≥ 5 in powers of √w − 3.
  public static final float T0 = 2.83297682f,
      T1 = 1.00167406f,
      T2 = 0.00943887047f,
      T3 = -0.0076224613f,
      T4 = 0.00573950773f,
      T5 = -0.00367342844f,
      T6 = 0.00134934322f,
      T7 = 0.000100950558f,
      T8 = -0.000200214257f;

  private NormalQuantile() {}

  /// The normal of a word.
  public static float of(int word) {
    float x = (2 * (word >>> 8) + 1 - (1 << 24)) * Normals.STEP;
    float size = Math.abs(x);
    float w = -Normals.log((1f - size) * (1f + size));
    return SQRT_2 * x * (w < TAIL ? middle(w - 2.5f) : tail((float) Math.sqrt(w) - 3f));
  }

  private static float middle(float t) {
    float p = C8;
    p = Math.fma(p, t, C7);
    p = Math.fma(p, t, C6);
    p = Math.fma(p, t, C5);
    p = Math.fma(p, t, C4);
    p = Math.fma(p, t, C3);
    p = Math.fma(p, t, C2);
    p = Math.fma(p, t, C1);
    return Math.fma(p, t, C0);
  }

  private static float tail(float t) {
    float p = T8;
    p = Math.fma(p, t, T7);
    p = Math.fma(p, t, T6);
    p = Math.fma(p, t, T5);
    p = Math.fma(p, t, T4);
    p = Math.fma(p, t, T3);
    p = Math.fma(p, t, T2);
    p = Math.fma(p, t, T1);
    return Math.fma(p, t, T0);
  }
}
