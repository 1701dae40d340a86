package dae.model;

import dae.graph.Value;
import java.util.List;

/// A U-Net (Ronneberger et al. 2015) of residual blocks (He et al. 2016) at a half, a quarter and
/// an eighth of the image's size, without batch norm ([HalfSize#levels]).
///
/// @param c1 channels at a half of the image's size
/// @param c2 channels at a quarter
/// @param c3 channels at an eighth
public record UNet(int c1, int c2, int c3) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "unet",
          "unet:HALF,QUARTER,EIGHTH",
          List.of(36, 64, 96),
          sizes -> new UNet(sizes.get(0), sizes.get(1), sizes.get(2)));

  /// @throws dae.UserError if a size is out of range
  public UNet {
    FAMILY.require(c1, c2, c3);
  }

  @Override
  public String word() {
    return FAMILY.word(c1, c2, c3);
  }

  @Override
  public int multiple() {
    return 8;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value x = HalfSize.head(seen.noisy(), c1);
    return HalfSize.tail(HalfSize.levels(x, c1, c2, c3), seen.noisy());
  }
}
