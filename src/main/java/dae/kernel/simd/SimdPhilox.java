package dae.kernel.simd;

import dae.random.Key;
import dae.random.Philox;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Philox], a block in each lane. The words live in the lower halves of 64-bit lanes, because the
/// generator multiplies 32 by 32 bits to 64.
final class SimdPhilox {
  private static final VectorSpecies<Long> WORDS = LongVector.SPECIES_PREFERRED;
  private static final long LOWER = 0xFFFFFFFFL;

  private SimdPhilox() {}

  /// Writes the words of the first blocks of image i, word w of block b to `words[w][b]`, and those
  /// of up to fifteen blocks more.
  static void words(Key key, int i, int blocks, int[][] words) {
    int image = key.images()[i];
    int epoch = key.epoch();
    int stream = key.stream();
    long seed = key.seed();
    LongVector lower = LongVector.broadcast(WORDS, LOWER);
    LongVector m0 = LongVector.broadcast(WORDS, Philox.M0 & LOWER);
    LongVector m1 = LongVector.broadcast(WORDS, Philox.M1 & LOWER);
    LongVector lanes = LongVector.zero(WORDS).addIndex(1);
    for (int b = 0; b < blocks; b += WORDS.length()) {
      LongVector c0 = lanes.add(b);
      LongVector c1 = LongVector.broadcast(WORDS, image & LOWER);
      LongVector c2 = LongVector.broadcast(WORDS, epoch & LOWER);
      LongVector c3 = LongVector.broadcast(WORDS, stream & LOWER);
      int k0 = (int) seed;
      int k1 = (int) (seed >>> 32);
      for (int round = 0; round < Philox.ROUNDS; round++) {
        LongVector product0 = m0.mul(c0);
        LongVector product1 = m1.mul(c2);
        c0 =
            high(product1)
                .lanewise(VectorOperators.XOR, c1)
                .lanewise(VectorOperators.XOR, k0 & LOWER);
        c1 = product1.and(lower);
        c2 =
            high(product0)
                .lanewise(VectorOperators.XOR, c3)
                .lanewise(VectorOperators.XOR, k1 & LOWER);
        c3 = product0.and(lower);
        k0 += Philox.W0;
        k1 += Philox.W1;
      }
      store(c0, words[0], b);
      store(c1, words[1], b);
      store(c2, words[2], b);
      store(c3, words[3], b);
    }
  }

  private static LongVector high(LongVector product) {
    return product.lanewise(VectorOperators.LSHR, 32);
  }

  private static void store(LongVector word, int[] to, int at) {
    for (int lane = 0; lane < WORDS.length(); lane++) {
      to[at + lane] = (int) word.lane(lane);
    }
  }
}
