package dae.model;

import java.util.List;

/// [EdsrNetwork] without biases, for photographs whose noise is of any strength ([HalfSize]).
///
/// @param width filters of each layer
/// @param blocks of two layers each
public record FlatNetwork(int width, int blocks) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "flat",
          "flat:FILTERS,BLOCKS",
          List.of(32, 6),
          sizes -> new FlatNetwork(sizes.get(0), sizes.get(1)));

  /// @throws dae.UserError if a size is out of range
  public FlatNetwork {
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
    HalfSize parts = HalfSize.BIAS_FREE;
    return parts.tail(parts.row(parts.head(seen.noisy(), width), blocks), seen.noisy());
  }
}
