package dae.random;

/// A sequence of random numbers for one named thing: Philox blocks with counter (0, 1, 2 …, `item`,
/// `part`, stream). For sequential work such as one generated scene or one tensor of initial
/// weights; two sequences with different (seed, stream, item, part) are independent.
public final class Draws {
  private final int[] words = new int[4];
  private final int key0;
  private final int key1;
  private final int item;
  private final int part;
  private final int stream;
  private int drawn;

  /// @param seed the user's seed
  /// @param stream the purpose, from [Streams]
  /// @param item which thing of that purpose
  /// @param part which part of the thing
  public Draws(long seed, int stream, int item, int part) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
    this.item = item;
    this.part = part;
    this.stream = stream;
  }

  /// The next 32 random bits.
  public int word() {
    if ((drawn & 3) == 0) {
      Philox.block(drawn >>> 2, item, part, stream, key0, key1, words);
    }
    return words[drawn++ & 3];
  }

  /// The next uniform number in [0, 1), with 24 random bits.
  public float uniform() {
    return (word() >>> 8) * 0x1p-24f;
  }

  /// The next uniform number between `low` and `high`.
  public float uniform(float low, float high) {
    return Math.fma(uniform(), high - low, low);
  }

  /// The next standard normal number, by Box and Muller from two words ([Normals]).
  public float normal() {
    int first = word();
    return Normals.radius(first) * Normals.cosTurn(Normals.turn(word()));
  }

  /// The next uniform whole number in [0, bound).
  public int below(int bound) {
    return scale(word(), bound);
  }

  /// ⌊word · bound / 2³²⌋: a word as a number in [0, bound). Probabilities differ by at most bound
  /// / 2³², relatively: 10⁻⁵ for the 50,000 images of a training set.
  static int scale(int word, int bound) {
    return (int) ((word & 0xFFFFFFFFL) * bound >>> 32);
  }
}
