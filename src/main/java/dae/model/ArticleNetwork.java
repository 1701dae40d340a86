package dae.model;

import static dae.op.BatchNorm.batchNorm;
import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;

import dae.file.Safetensors;
import dae.graph.Value;
import java.util.List;
import java.util.Map;

/// The article's network, `article:32`: a small U-Net. Four strided convolutions bring the image
/// down to H/16×W/16, four transposed ones bring it back, and at each size on the way up the map
/// from the way down is laid beside it, so that detail need not pass through the bottleneck. It is
/// fully convolutional: the same weights serve every H×W that is a multiple of 16.
///
/// @param width filters of the first layer; the article has 32
public record ArticleNetwork(int width) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family(
          "article", "article:FILTERS", List.of(32), sizes -> new ArticleNetwork(sizes.get(0)));

  private static final int KERNEL = 3;

  /// @throws dae.UserError if the width is out of range
  public ArticleNetwork {
    FAMILY.require(width);
  }

  /// The network of a file that was written before files named theirs.
  ///
  /// @throws dae.UserError if it is not one of this kind
  static ArticleNetwork of(Map<String, Safetensors.Entry> tensors) {
    Safetensors.Entry bias = tensors.get("conv_block1/conv2d/bias");
    return new ArticleNetwork(bias == null || bias.shape().length != 1 ? 0 : bias.shape()[0]);
  }

  @Override
  public String word() {
    return FAMILY.word(width);
  }

  /// It halves the image four times.
  @Override
  public int multiple() {
    return 16;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    return new Cleaned(sigmoid("final_deconv/sigmoid", layers(seen.noisy(), width)));
  }

  /// All layers but the sigmoid.
  ///
  /// @param x N×H×W×3
  /// @return the same shape
  static Value layers(Value x, int width) {
    Value c1 = convBlock("conv_block1", x, width, 2);
    Value c2 = convBlock("conv_block2", c1, 2 * width, 2);
    Value c3 = convBlock("conv_block3", c2, 4 * width, 2);
    Value c4 = convBlock("conv_block4", c3, 8 * width, 2);
    Value c5 = convBlock("conv_block5", c4, 8 * width, 1);
    Value d1 = deconvBlock("deconv_block1", c5, 8 * width);
    Value d2 = deconvBlock("deconv_block2", concat("merge1", d1, c3), 4 * width);
    Value d3 = deconvBlock("deconv_block3", concat("merge2", d2, c2), 2 * width);
    Value d4 = deconvBlock("deconv_block4", concat("merge3", d3, c1), width);
    return convTranspose2d("final_deconv/conv2d_transpose", d4, x.shape().c(), KERNEL, 1);
  }

  private static Value convBlock(String name, Value x, int filters, int stride) {
    Value y = conv2d(name + "/conv2d", x, filters, KERNEL, stride);
    return relu(name + "/relu", batchNorm(name + "/batch_normalization", y));
  }

  private static Value deconvBlock(String name, Value x, int filters) {
    Value y = convTranspose2d(name + "/conv2d_transpose", x, filters, KERNEL, 2);
    return relu(name + "/relu", batchNorm(name + "/batch_normalization", y));
  }
}
