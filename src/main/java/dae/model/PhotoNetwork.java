package dae.model;

import dae.graph.Value;
import java.util.List;

/// For photographs whose noise is of any strength and not known: a U-Net of residual blocks from a
/// half down to a sixteenth of the image's size, so that it sees the large and soft grain of
/// phones, and without biases ([HalfSize]).
///
/// @param c1 channels at a half of the image's size
/// @param c2 channels at a quarter
/// @param c3 channels at an eighth
/// @param c4 channels at a sixteenth
public record PhotoNetwork(int c1, int c2, int c3, int c4) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "photo",
          "photo:HALF,QUARTER,EIGHTH,SIXTEENTH",
          List.of(32, 56, 80, 96),
          sizes -> new PhotoNetwork(sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3)));

  /// @throws dae.UserError if a size is out of range
  public PhotoNetwork {
    FAMILY.require(c1, c2, c3, c4);
  }

  @Override
  public String word() {
    return FAMILY.word(c1, c2, c3, c4);
  }

  @Override
  public int multiple() {
    return 16;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    HalfSize parts = HalfSize.BIAS_FREE;
    Value x = parts.head(seen.noisy(), c1);
    return parts.tail(parts.levels(x, c1, c2, c3, c4), seen.noisy());
  }
}
