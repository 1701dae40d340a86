package dae.model;

import static dae.op.Add.add;
import static dae.op.Clip.clip;

import dae.graph.Value;
import java.util.List;

/// The article's network with a global skip: its layers find the noise, which is added to the
/// image, in the place of the image itself (Zhang et al. 2017, DnCNN). There is no sigmoid: noise
/// has both signs.
///
/// @param width filters of the first layer
public record ResidualNetwork(int width) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "residual", "residual:FILTERS", List.of(32), sizes -> new ResidualNetwork(sizes.get(0)));

  /// @throws dae.UserError if the width is out of range
  public ResidualNetwork {
    FAMILY.require(width);
  }

  @Override
  public String word() {
    return FAMILY.word(width);
  }

  @Override
  public int multiple() {
    return 16;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value noise = ArticleNetwork.layers(seen.noisy(), width);
    return new Cleaned(clip("clip", add("global_skip", noise, seen.noisy())));
  }
}
