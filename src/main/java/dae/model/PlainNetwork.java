package dae.model;

import static dae.op.LeakyRelu.leakyRelu;

import dae.graph.Value;
import java.util.List;

/// Nine convolutions in a row at half the image's size, nothing else: DnCNN (Zhang et al. 2017) on
/// unshuffled pixels, as FFDNet has it (Zhang et al. 2018), without batch norm.
///
/// @param width filters of each
public record PlainNetwork(int width) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "plain", "plain:FILTERS", List.of(40), sizes -> new PlainNetwork(sizes.get(0)));

  private static final int LAYERS = 7;

  /// @throws dae.UserError if the width is out of range
  public PlainNetwork {
    FAMILY.require(width);
  }

  @Override
  public String word() {
    return FAMILY.word(width);
  }

  @Override
  public int multiple() {
    return 2;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value x = leakyRelu("head/relu", HalfSize.head(seen.noisy(), width));
    for (int i = 1; i <= LAYERS; i++) {
      x = HalfSize.layer("layer" + i, x, width);
    }
    return HalfSize.tail(x, seen.noisy());
  }
}
