package dae.model;

import static dae.op.Blend.blend;
import static dae.op.Clip.clip;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.Sigmoid.sigmoid;
import static dae.op.Slice.slice;

import dae.graph.Init;
import dae.graph.Value;
import java.util.List;

/// For stains, scratches and pen strokes: a U-Net of residual blocks from a half down to a
/// thirty-second of the image's size, so that it sees past wide damage. It makes a change of the
/// image and a mask of where to apply it: `image + mask·change`. So what is not damaged stays as it
/// is, and the mask can be shown.
///
/// @param c1 channels at a half of the image's size
/// @param c2 channels at a quarter
/// @param c3 channels at an eighth
/// @param c4 channels at a sixteenth
/// @param c5 channels at a thirty-second
public record RestoreNetwork(int c1, int c2, int c3, int c4, int c5) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "restore",
          "restore:HALF,QUARTER,EIGHTH,SIXTEENTH,THIRTYSECOND",
          List.of(32, 56, 80, 96, 112),
          sizes ->
              new RestoreNetwork(
                  sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3), sizes.get(4)));

  /// A mask of 0.12 everywhere: little, as damage is rare, and enough for the change, which starts
  /// at 0, to learn.
  private static final float FIRST_LOGIT = -2;

  /// @throws dae.UserError if a size is out of range
  public RestoreNetwork {
    FAMILY.require(c1, c2, c3, c4, c5);
  }

  @Override
  public String word() {
    return FAMILY.word(c1, c2, c3, c4, c5);
  }

  @Override
  public int multiple() {
    return 32;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value noisy = seen.noisy();
    int channels = noisy.shape().c();
    Value x = HalfSize.levels(HalfSize.head(noisy, c1), c1, c2, c3, c4, c5);
    Init bias = (values, seed, index) -> values[channels] = FIRST_LOGIT;
    Value both = convTranspose2d("tail", x, channels + 1, 6, 2, (in, out) -> Init.zeros(), bias);
    Value change = slice("change", both, 0, channels);
    Value logits = slice("logits", both, channels, 1);
    Value mask = sigmoid("mask", logits);
    return new Cleaned(clip("clip", blend("blend", noisy, mask, change)), mask, logits);
  }
}
