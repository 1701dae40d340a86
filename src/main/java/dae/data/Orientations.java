package dae.data;

import dae.UserError;
import dae.image.Orientation;
import dae.random.Philox;
import dae.random.Streams;

/// How images lie in an epoch: mirrored or not, turned or not, as chance says. Keyed by (seed,
/// epoch, image); for one thread.
final class Orientations {
  private final long seed;
  private final boolean flip;
  private final boolean turn;

  /// For each pixel of the result the one it was, by mirroring and quarter turns.
  private final int[][][] orders = new int[2][4][];

  private final int[] words = new int[4];
  private final byte[] copy;
  private int[] order;

  /// @throws UserError if images that are not square shall be turned
  Orientations(ImageSource images, long seed, boolean flip, boolean turn) {
    if (turn && images.height() != images.width()) {
      throw new UserError(
          "train: expected square images with --turn, got %d×%d — leave it out"
              .formatted(images.width(), images.height()));
    }
    this.seed = seed;
    this.flip = flip;
    this.turn = turn;
    copy = new byte[images.bytesPerImage()];
    for (Orientation each : Orientation.ALL) {
      orders[each.mirrored() ? 1 : 0][each.turns()] = each.pixels(images.height(), images.width());
    }
  }

  /// Draws that of an image: one random bit for mirroring, two for its turns.
  void choose(int epoch, int image) {
    Philox.block(image, 0, epoch, Streams.FLIPS, (int) seed, (int) (seed >>> 32), words);
    order = orders[flip ? words[0] & 1 : 0][turn ? words[1] & 3 : 0];
  }

  /// Puts an image's pixels into the order that was drawn.
  void turn(byte[] pixels, int offset) {
    System.arraycopy(pixels, offset, copy, 0, copy.length);
    for (int pixel = 0; pixel < order.length; pixel++) {
      System.arraycopy(
          copy,
          order[pixel] * Images.CHANNELS,
          pixels,
          offset + pixel * Images.CHANNELS,
          Images.CHANNELS);
    }
  }
}
