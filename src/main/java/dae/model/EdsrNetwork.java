package dae.model;

import java.util.List;

/// Residual blocks in a row, without batch norm, as EDSR has them (Lim et al. 2017), at half the
/// image's size.
///
/// @param width filters of each layer
/// @param blocks of two layers each
public record EdsrNetwork(int width, int blocks) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "edsr",
          "edsr:FILTERS,BLOCKS",
          List.of(32, 6),
          sizes -> new EdsrNetwork(sizes.get(0), sizes.get(1)));

  /// @throws dae.UserError if a size is out of range
  public EdsrNetwork {
    FAMILY.require(width, blocks);
  }

  @Override
  public String word() {
    return FAMILY.word(width, blocks);
  }

  @Override
  public int multiple() {
    return 2;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    return HalfSize.tail(HalfSize.row(HalfSize.head(seen.noisy(), width), 1, blocks), seen.noisy());
  }
}
