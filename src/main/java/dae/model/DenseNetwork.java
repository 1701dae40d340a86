package dae.model;

import static dae.op.Concat.concat;
import static dae.op.LeakyRelu.leakyRelu;

import dae.graph.Value;
import java.util.List;

/// Dense connections at half the image's size: each layer reads everything that the layers before
/// it have made (Huang et al. 2017, DenseNet), which the article's last paragraph suggests.
///
/// @param width filters of the first layer
/// @param growth filters of each of the seven that follow
public record DenseNetwork(int width, int growth) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "dense",
          "dense:FILTERS,GROWTH",
          List.of(48, 16),
          sizes -> new DenseNetwork(sizes.get(0), sizes.get(1)));

  private static final int LAYERS = 7;

  /// @throws dae.UserError if a size is out of range
  public DenseNetwork {
    FAMILY.require(width, growth);
  }

  @Override
  public String word() {
    return FAMILY.word(width, growth);
  }

  @Override
  public int multiple() {
    return 2;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value all = leakyRelu("head/relu", HalfSize.head(seen.noisy(), width));
    for (int i = 1; i <= LAYERS; i++) {
      all = concat("merge" + i, all, HalfSize.layer("layer" + i, all, growth));
    }
    return HalfSize.tail(all, seen.noisy());
  }
}
