package dae.model;

import static dae.op.Add.add;
import static dae.op.Blend.blend;
import static dae.op.Clip.clip;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.Sigmoid.sigmoid;
import static dae.op.Slice.slice;

import dae.graph.Init;
import dae.graph.Value;
import java.util.List;

/// For stains, scratches and pen strokes: an [EdsrNetwork] that also sees what surrounds a pixel,
/// and that says what is damaged. In the middle of its blocks it goes down to a thirty-second of
/// the image's size and back, so that it sees past wide damage; at the end it makes, besides the
/// noise, a change of the image and a mask of where to apply it: `image + noise + mask·change`.
///
/// All layers of an [EdsrNetwork] keep their names and, at first, what they do, so that training
/// can start from one that has learned what pictures look like.
///
/// @param width filters of each layer at a half of the image's size
/// @param blocks of two layers each at a half of the image's size
/// @param c2 channels at a quarter
/// @param c3 channels at an eighth
/// @param c4 channels at a sixteenth
/// @param c5 channels at a thirty-second
public record RestoreNetwork(int width, int blocks, int c2, int c3, int c4, int c5)
    implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "restore",
          "restore:FILTERS,BLOCKS,QUARTER,EIGHTH,SIXTEENTH,THIRTYSECOND",
          List.of(32, 6, 48, 80, 96, 112),
          sizes ->
              new RestoreNetwork(
                  sizes.get(0),
                  sizes.get(1),
                  sizes.get(2),
                  sizes.get(3),
                  sizes.get(4),
                  sizes.get(5)));

  /// A mask of 0.12 everywhere: little, as damage is rare, and enough for the change, which starts
  /// at 0, to learn.
  private static final float FIRST_LOGIT = -2;

  /// @throws dae.UserError if a size is out of range
  public RestoreNetwork {
    FAMILY.require(width, blocks, c2, c3, c4, c5);
  }

  @Override
  public String word() {
    return FAMILY.word(width, blocks, c2, c3, c4, c5);
  }

  @Override
  public int multiple() {
    return 32;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value noisy = seen.noisy();
    int channels = noisy.shape().c();
    Value x = HalfSize.row(HalfSize.head(noisy, width), 1, blocks / 2);
    x = HalfSize.surroundings(x, c2, c3, c4, c5);
    x = HalfSize.row(x, blocks / 2 + 1, blocks);
    Init bias = (values, seed, index) -> values[channels] = FIRST_LOGIT;
    Value both = convTranspose2d("repair", x, channels + 1, 6, 2, (in, out) -> Init.zeros(), bias);
    Value change = slice("change", both, 0, channels);
    Value logits = slice("logits", both, channels, 1);
    Value mask = sigmoid("mask", logits);
    Value denoised = HalfSize.sum(x, noisy);
    Value repaired = clip("clip", blend("blend", denoised, mask, change));
    return new Cleaned(repaired, mask, logits, add("repainted", denoised, change));
  }
}
