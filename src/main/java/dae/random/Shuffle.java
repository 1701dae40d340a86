package dae.random;

/// The order in which an epoch sees its images: a permutation keyed by (seed, epoch).
///
/// Fisher and Yates' shuffle in Durstenfeld's form: from the last place down, each place i swaps
/// with a random place j ≤ i. Place i takes word `i mod 4` of Philox block ⌊i / 4⌋ with counter
/// (block, 0, epoch, [Streams#SHUFFLE]), so an epoch's order never depends on earlier epochs.
public final class Shuffle {
  private Shuffle() {}

  /// A new random order of the numbers 0 … n − 1.
  public static int[] permutation(int n, long seed, int epoch) {
    int[] order = new int[n];
    fill(order, seed, epoch);
    return order;
  }

  /// Overwrites `order` with a random order of 0 … order.length − 1.
  public static void fill(int[] order, long seed, int epoch) {
    fill(order, seed, 0, epoch);
  }

  /// The same for one of several orders that an epoch needs.
  ///
  /// @param part the counter's second word: which of them
  public static void fill(int[] order, long seed, int part, int epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int[] words = new int[4];
    int loaded = -1;
    for (int i = order.length - 1; i > 0; i--) {
      int block = i >>> 2;
      if (block != loaded) {
        Philox.block(block, part, epoch, Streams.SHUFFLE, (int) seed, (int) (seed >>> 32), words);
        loaded = block;
      }
      int j = Draws.scale(words[i & 3], i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
