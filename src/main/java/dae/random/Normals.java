package dae.random;

/// The definition of the noise: standard normals for one image, by Philox and Box–Muller.
///
/// One Philox block of four words gives two pairs of uniforms and, by Box and Muller (1958), each
/// pair two independent normals:
///
/// ```
/// u = uniform(w0) in (0, 1]                 z0 = √(−2 ln u) · cos(2π v)
/// v = turn(w1)    in [0, 1)                 z1 = √(−2 ln u) · sin(2π v)      and z2, z3 from w2, w3
/// ```
///
/// - key = the low and the high half of the seed;
/// - counter = (block b, image, epoch, [Streams#NOISE] [at][Streams#at] a step), b = 0 … B−1 with B
///   = ⌈count / 4⌉;
/// - block b writes positions b, b + B, b + 2B and b + 3B; those ≥ count are dropped. So
///   neighbouring blocks (lanes, work-items) store to neighbouring places, without shuffles.
///
/// **For the twins.** Everything below is float additions, multiplications, `fma`, square root and
/// integer operations, in this order, without branches: transcribed line by line it gives the same
/// bits. `?:` is a select, both sides of which may be computed. An OpenCL build needs correctly
/// rounded square roots and must not contract or reorder.
///
/// Largest magnitude: √(48 ln 2) = 5.77, because u has 24 bits.
public final class Normals {
  /// 2⁻²⁴: one step of a uniform, and one step of an angle in turns.
  public static final float STEP = 0x1p-24f;

  /// Offset that puts the mantissa into [√½, √2): the bits of √½.
  public static final int SQRT_HALF = 0x3F3504F3;

  /// ln 2.
  public static final float LN_2 = 0.6931472f;

  /// (ln(1 + f) − f + f²/2) / f³ on [√½ − 1, √2 − 1], lowest power first; this makes the relative
  /// error of ln 2⁻²⁷.
  public static final float L0 = 0.3333333f,
      L1 = -0.2500082f,
      L2 = 0.20001227f,
      L3 = -0.16623357f,
      L4 = 0.14201759f,
      L5 = -0.13160183f,
      L6 = 0.12761575f,
      L7 = -0.07634493f;

  /// sin(2πt) / t in powers of t² on |t| ≤ 1/8 of a turn; relative error 2⁻²⁸.
  public static final float S0 = 6.2831855f, S1 = -41.341675f, S2 = 81.59394f, S3 = -75.4534f;

  /// (cos(2πt) − 1) / t² in powers of t² on |t| ≤ 1/8 of a turn; relative error of cos 2⁻³³.
  public static final float C1 = -19.739208f, C2 = 64.93932f, C3 = -85.44374f, C4 = 59.245964f;

  private Normals() {}

  /// Writes `count` standard normals of one image to `out[offset …]`.
  ///
  /// @param seed the run's seed
  /// @param epoch the epoch, or 0 in each epoch for noise that is drawn once
  /// @param image the image's index in its split
  /// @param step of a chain of damage, from 0
  /// @param count how many; the image's H · W · C
  public static void fill(
      long seed, int epoch, int image, int step, int count, float[] out, int offset) {
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    int blocks = blocks(count);
    int stream = Streams.at(Streams.NOISE, step);
    int[] words = new int[4];
    for (int b = 0; b < blocks; b++) {
      Philox.block(b, image, epoch, stream, key0, key1, words);
      float radius0 = radius(words[0]);
      float radius1 = radius(words[2]);
      int turn0 = turn(words[1]);
      int turn1 = turn(words[3]);
      put(radius0 * cosTurn(turn0), b, count, out, offset);
      put(radius0 * sinTurn(turn0), b + blocks, count, out, offset);
      put(radius1 * cosTurn(turn1), b + 2 * blocks, count, out, offset);
      put(radius1 * sinTurn(turn1), b + 3 * blocks, count, out, offset);
    }
  }

  /// Philox blocks for `count` normals: ⌈count / 4⌉.
  public static int blocks(int count) {
    return (count + 3) >>> 2;
  }

  private static void put(float normal, int position, int count, float[] out, int offset) {
    if (position < count) {
      out[offset + position] = normal;
    }
  }

  /// √(−2 ln u) with u = (upper 24 bits of the word + 1) · 2⁻²⁴, which is never 0.
  public static float radius(int word) {
    float u = ((word >>> 8) + 1) * STEP;
    return (float) Math.sqrt(-2f * log(u));
  }

  /// The upper 24 bits of a word: an angle in steps of 2⁻²⁴ turns.
  public static int turn(int word) {
    return word >>> 8;
  }

  /// ln x for positive normal x: x = 2ᵉ(1 + f) with 1 + f in [√½, √2), so that f is exact and ln x
  /// near 1 keeps its relative accuracy; ln x = e ln 2 + f + f²(f · L(f) − ½).
  public static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    int e = (bits - SQRT_HALF) >> 23;
    float f = Float.intBitsToFloat(bits - (e << 23)) - 1f;
    float p = L7;
    p = Math.fma(p, f, L6);
    p = Math.fma(p, f, L5);
    p = Math.fma(p, f, L4);
    p = Math.fma(p, f, L3);
    p = Math.fma(p, f, L2);
    p = Math.fma(p, f, L1);
    p = Math.fma(p, f, L0);
    p = Math.fma(p, f, -0.5f);
    p = Math.fma(f * f, p, f);
    return Math.fma(e, LN_2, p);
  }

  /// cos(2π · turn · 2⁻²⁴). The nearest quarter turn q is split off exactly, in integers; odd
  /// quarters exchange sine and cosine, and quarters 1 and 2 are negative.
  public static float cosTurn(int turn) {
    int q = quarter(turn);
    float t = rest(turn, q);
    float value = (q & 1) == 0 ? cosNearZero(t) : sinNearZero(t);
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ ((q + 1) & 2) << 30);
  }

  /// sin(2π · turn · 2⁻²⁴), as [#cosTurn]; quarters 2 and 3 are negative.
  public static float sinTurn(int turn) {
    int q = quarter(turn);
    float t = rest(turn, q);
    float value = (q & 1) == 0 ? sinNearZero(t) : cosNearZero(t);
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ (q & 2) << 30);
  }

  /// The nearest quarter of a turn, 0 … 4.
  public static int quarter(int turn) {
    return (turn + (1 << 21)) >>> 22;
  }

  /// What is left after the quarter, in turns: exact, within ±1/8.
  public static float rest(int turn, int quarter) {
    return (turn - (quarter << 22)) * STEP;
  }

  /// sin(2πt) for |t| ≤ 1/8.
  public static float sinNearZero(float t) {
    float z = t * t;
    float p = S3;
    p = Math.fma(p, z, S2);
    p = Math.fma(p, z, S1);
    p = Math.fma(p, z, S0);
    return t * p;
  }

  /// cos(2πt) for |t| ≤ 1/8.
  public static float cosNearZero(float t) {
    float z = t * t;
    float p = C4;
    p = Math.fma(p, z, C3);
    p = Math.fma(p, z, C2);
    p = Math.fma(p, z, C1);
    return Math.fma(p, z, 1f);
  }
}
