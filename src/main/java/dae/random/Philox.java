package dae.random;

/// Philox4x32-10: four random 32-bit words from a 128-bit counter and a 64-bit key.
///
/// Each of the ten rounds multiplies two of the four words by a constant and spreads the high and
/// low halves of the products over the block:
///
/// ```
/// (hi0, lo0) = M0 · c0        c0' = hi1 ^ c1 ^ k0        k0' = k0 + W0
/// (hi1, lo1) = M1 · c2        c1' = lo1                  k1' = k1 + W1
///                             c2' = hi0 ^ c3 ^ k1
///                             c3' = lo0
/// ```
///
/// Source: Salmon, Moraes, Dror, Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC 2011.
/// Words are `int`s that carry 32 unsigned bits.
public final class Philox {
  /// Multiplier of the block's first word.
  public static final int M0 = 0xD2511F53;

  /// Multiplier of the block's third word.
  public static final int M1 = 0xCD9E8D57;

  /// Added to the key's first word each round: the golden ratio.
  public static final int W0 = 0x9E3779B9;

  /// Added to the key's second word each round: √3 − 1.
  public static final int W1 = 0xBB67AE85;

  /// Rounds; ten is the authors' choice with a margin (seven already pass BigCrush).
  public static final int ROUNDS = 10;

  private static final long UNSIGNED = 0xFFFFFFFFL;

  private Philox() {}

  /// Writes the four words of one counter and key to `words[0..3]`; allocates nothing.
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] words) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (M0 & UNSIGNED) * (c0 & UNSIGNED);
      long product1 = (M1 & UNSIGNED) * (c2 & UNSIGNED);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += W0;
      k1 += W1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }
}
