package peers;

import static dae.op.Conv2d.conv2d;

import dae.UserError;
import dae.graph.Init;
import dae.kernel.Conv2dSpec;
import dae.model.Cleaned;
import dae.model.Network;
import dae.model.Seen;
import java.util.Arrays;
import java.util.regex.Pattern;

/// A 3×3 convolution with stride 1, as many channels out as in, no bias. As a network it is nothing
/// but this layer.
///
/// @param n images
/// @param h their height
/// @param w their width
/// @param c their channels
record Convolution(int n, int h, int w, int c) implements Network {
  /// As the networks at half the image's size have them: batches of 32×32 pixels, batches of crops
  /// of 128×128, one picture or tile of 128×128. The first two have as many pixels.
  static final String USUAL =
      "128x16x16x32,128x16x16x64,128x16x16x96,128x16x16x128,"
          + "8x64x64x32,8x64x64x64,8x64x64x96,8x64x64x128,"
          + "1x64x64x32,1x64x64x64,1x64x64x96,1x64x64x128";

  private static final String NAME = "product";
  private static final Pattern WORD = Pattern.compile("[1-9]\\d{0,3}(x[1-9]\\d{0,3}){3}");

  /// The name of its filter, as ours are called.
  static final String KERNEL = NAME + "/kernel";

  /// @param word its extents, as `128x16x16x32`
  static Convolution named(String word) {
    if (!WORD.matcher(word).matches()) {
      throw new UserError(
          "--convolution: expected NxHxWxC, such as 128x16x16x32, got '" + word + "'");
    }
    int[] extents = Arrays.stream(word.split("x")).mapToInt(Integer::parseInt).toArray();
    return new Convolution(extents[0], extents[1], extents[2], extents[3]);
  }

  Conv2dSpec spec() {
    return Conv2dSpec.same(h, w, c, c, 3, 1);
  }

  @Override
  public String word() {
    return n + "x" + h + "x" + w + "x" + c;
  }

  @Override
  public int channels() {
    return c;
  }

  @Override
  public int multiple() {
    return 1;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    return new Cleaned(conv2d(NAME, seen.noisy(), c, 3, 1, Init::glorotUniform, null));
  }
}
