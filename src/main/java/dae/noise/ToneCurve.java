package dae.noise;

/// sRGB's tone curve (IEC 61966-2-1) and its inverse, from tables with straight lines in between:
/// within 10⁻⁵, and the same bits everywhere.
///
/// Near black it is a straight line of slope 12.92. A pure power 1/2.2 has no limit there: a
/// thousandth of the light would become 11 of 255.
final class ToneCurve {
  private static final int STEPS = 1 << 12;
  private static final float[] LINEAR = new float[STEPS + 2];

  /// Over the square root of the light, where the curve is nearly straight.
  private static final float[] CURVE = new float[STEPS + 2];

  static {
    for (int i = 0; i < STEPS + 2; i++) {
      double x = (double) i / STEPS;
      LINEAR[i] = (float) (x <= 0.04045 ? x / 12.92 : StrictMath.pow((x + 0.055) / 1.055, 2.4));
      double light = x * x;
      CURVE[i] =
          (float)
              (light <= 0.0031308 ? 12.92 * light : 1.055 * StrictMath.pow(light, 1 / 2.4) - 0.055);
    }
  }

  private ToneCurve() {}

  /// The light of a stored value.
  static float linear(float value) {
    return between(LINEAR, Math.clamp(value, 0f, 1f));
  }

  /// The stored value of some light.
  static float curve(float light) {
    return between(CURVE, (float) Math.sqrt(Math.clamp(light, 0f, 1f)));
  }

  private static float between(float[] table, float x) {
    float at = x * STEPS;
    int i = (int) at;
    return Math.fma(at - i, table[i + 1] - table[i], table[i]);
  }
}
