package dae.kernel;

/// exp(x) in float32 from + · fma and integer operations, so that scalar and vector code give the
/// same bits.
///
/// `x = k·ln 2 + f` with |f| ≤ ln 2 / 2 (ln 2 in two parts, Cody & Waite 1980), `exp(x) =
/// 2ᵏ·exp(f)`, and `exp(f)` is its Taylor polynomial of degree 7, whose remainder of (ln 2 / 2)⁸/8!
/// < 6·10⁻⁹ lies below half a unit in the last place. Together within 2 ulp.
public final class Exp {
  /// Arguments are clamped to ±87: exp stays a normal number.
  public static final float LIMIT = 87f;

  public static final float LOG2_E = 1.44269504f;

  /// Adding and subtracting 1.5·2²³ rounds to a whole number.
  public static final float ROUND = 12582912f;

  public static final float LN2_HIGH = 0.693359375f;
  public static final float LN2_LOW = -2.12194440e-4f;
  public static final float C2 = 1f / 2;
  public static final float C3 = 1f / 6;
  public static final float C4 = 1f / 24;
  public static final float C5 = 1f / 120;
  public static final float C6 = 1f / 720;
  public static final float C7 = 1f / 5040;

  private Exp() {}

  /// exp(x) for |x| ≤ 87; arguments beyond are clamped, NaN stays NaN.
  public static float exp(float x) {
    float clamped = Math.max(-LIMIT, Math.min(LIMIT, x));
    float k = (clamped * LOG2_E + ROUND) - ROUND;
    float f = Math.fma(-k, LN2_LOW, Math.fma(-k, LN2_HIGH, clamped));
    float p = Math.fma(C7, f, C6);
    p = Math.fma(p, f, C5);
    p = Math.fma(p, f, C4);
    p = Math.fma(p, f, C3);
    p = Math.fma(p, f, C2);
    p = Math.fma(p, f, 1f);
    p = Math.fma(p, f, 1f);
    return p * Float.intBitsToFloat(((int) k + 127) << 23);
  }

  /// 1 / (1 + exp(−x)).
  public static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }
}
