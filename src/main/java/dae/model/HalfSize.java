package dae.model;

import static dae.op.Add.add;
import static dae.op.Clip.clip;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.LeakyRelu.leakyRelu;

import dae.graph.Init;
import dae.graph.Value;
import java.util.stream.IntStream;

/// Both ends of the networks that work at half the image's size and find the noise, and what stands
/// in between again and again.
final class HalfSize {
  private HalfSize() {}

  /// The first layer: a pixel unshuffle (every 2×2 pixels of 3 channels become one of 12) and a 3×3
  /// convolution in one. A 6×6 window in steps of 2 sees the same pixels with the same weights
  /// (`GoldenOpTest`).
  ///
  /// @param noisy N×H×W×3
  /// @return N×H/2×W/2×filters
  static Value head(Value noisy, int filters) {
    return conv2d("head", noisy, filters, 6, 2, Init::fanInUniform, Init.zeros());
  }

  /// The last layer, the first one's mirror image: a 3×3 convolution to 12 channels and a pixel
  /// shuffle in one. What it makes is added to the noisy image. At first that is nothing, as its
  /// weights start at 0.
  ///
  /// @param x N×H/2×W/2×C
  static Cleaned tail(Value x, Value noisy) {
    return new Cleaned(clip("clip", sum(x, noisy)));
  }

  /// The noisy image with what the last layer adds, before it is clipped.
  static Value sum(Value x, Value noisy) {
    int channels = noisy.shape().c();
    Value noise =
        convTranspose2d("tail", x, channels, 6, 2, (in, out) -> Init.zeros(), Init.zeros());
    return add("global_skip", noise, noisy);
  }

  /// A 3×3 convolution and a leaky ReLU.
  static Value layer(String name, Value x, int filters) {
    return leakyRelu(name + "/relu", same(name + "/conv", x, filters, Init::fanInUniform));
  }

  private static Value same(String name, Value x, int filters, Init.OfFans init) {
    return conv2d(name, x, filters, 3, 1, init, Init.zeros());
  }

  /// A residual block (He et al. 2016) without norm: `x + conv(relu(conv(x)))`, where the second
  /// convolution starts at a tenth of the usual, so that at first a block passes on what it gets.
  static Value block(String name, Value x) {
    int c = x.shape().c();
    Value y = layer(name + "/layer1", x, c);
    Value z = same(name + "/layer2/conv", y, c, (i, o) -> Init.fanInUniform(i, o).times(0.1f));
    return add(name + "/sum", z, x);
  }

  /// Blocks in a row, as EDSR has them (Lim et al. 2017), from one number to another.
  static Value row(Value x, int first, int last) {
    for (int i = first; i <= last; i++) {
      x = block("block" + i, x);
    }
    return x;
  }

  /// A U-Net (Ronneberger et al. 2015) of such blocks, in sizes that halve. What a level makes on
  /// the way down is added on the way up.
  ///
  /// @param x N×H×W×channels[0], H and W multiples of 2 to the number of levels − 1
  /// @param channels of each level
  /// @return the same shape
  static Value levels(Value x, int... channels) {
    return levels(1, x, channels);
  }

  /// What surrounds a pixel, added to x: the levels below x alone, which start with adding nothing.
  ///
  /// @param x N×H×W×C, H and W multiples of 2 to the number of levels
  /// @param channels of each level
  /// @return the same shape
  static Value surroundings(Value x, int... channels) {
    int[] levels = IntStream.concat(IntStream.of(x.shape().c()), IntStream.of(channels)).toArray();
    return below(1, x, levels, (in, out) -> Init.zeros());
  }

  private static Value levels(int level, Value x, int[] channels) {
    if (level == channels.length) {
      return block("bottom", x);
    }
    Value skip = block("encoder" + level, x);
    return block("decoder" + level, below(level, skip, channels, Init::fanInUniform));
  }

  /// Goes down to smaller sizes from one level, and adds what comes up.
  ///
  /// @param up how the layer starts that comes up
  private static Value below(int level, Value skip, int[] channels, Init.OfFans up) {
    Value half =
        conv2d("down" + level, skip, channels[level], 2, 2, Init::fanInUniform, Init.zeros());
    Value below = levels(level + 1, half, channels);
    Value above = convTranspose2d("up" + level, below, skip.shape().c(), 2, 2, up, Init.zeros());
    return add("skip" + level, above, skip);
  }
}
