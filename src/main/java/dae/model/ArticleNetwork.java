package dae.model;

import static dae.op.BatchNorm.batchNorm;
import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;

import dae.UserError;
import dae.file.Safetensors;
import dae.graph.Value;
import java.util.Map;

/// The article's network, `article:32`: a small U-Net. Four strided convolutions bring the image
/// down to H/16×W/16, four transposed ones bring it back, and at each size on the way up the map
/// from the way down is laid beside it, so that detail need not pass through the bottleneck. It is
/// fully convolutional: the same weights serve every H×W that is a multiple of 16.
///
/// @param width filters of the first layer; the article has 32
public record ArticleNetwork(int width) implements Network {
  static final Networks.Family FAMILY =
      new Networks.Family("article", "article:FILTERS", ArticleNetwork::of);

  private static final int ARTICLES_WIDTH = 32;
  private static final int MAX_WIDTH = 512;
  private static final int KERNEL = 3;

  /// @throws UserError if the width is out of range
  public ArticleNetwork {
    if (width < 1 || width > MAX_WIDTH) {
      throw new UserError(
          "network: expected 1 to %d filters, got %d — change --arch or --width"
              .formatted(MAX_WIDTH, width));
    }
  }

  private static ArticleNetwork of(String width) {
    try {
      return new ArticleNetwork(width.isEmpty() ? ARTICLES_WIDTH : Integer.parseInt(width));
    } catch (NumberFormatException e) {
      throw new UserError(
          "network: expected %s, got 'article:%s' — change --arch".formatted(FAMILY.usage(), width),
          e);
    }
  }

  /// The network of a file that was written before files named theirs.
  ///
  /// @throws UserError if it is not one of this kind
  static ArticleNetwork of(Map<String, Safetensors.Entry> tensors) {
    Safetensors.Entry bias = tensors.get("conv_block1/conv2d/bias");
    return new ArticleNetwork(bias == null || bias.shape().length != 1 ? 0 : bias.shape()[0]);
  }

  @Override
  public String word() {
    return FAMILY.name() + ":" + width;
  }

  @Override
  public int channels() {
    return 3;
  }

  /// It halves the image four times.
  @Override
  public int multiple() {
    return 16;
  }

  /// To either side the last window reaches 1 pixel, the one at the bottom 16, and the four strided
  /// ones (to the other side the four transposed ones) 2 + 4 + 8 + 16.
  @Override
  public int reach() {
    return 47;
  }

  @Override
  public Cleaned denoise(Seen seen) {
    Value c1 = convBlock("conv_block1", seen.noisy(), width, 2);
    Value c2 = convBlock("conv_block2", c1, 2 * width, 2);
    Value c3 = convBlock("conv_block3", c2, 4 * width, 2);
    Value c4 = convBlock("conv_block4", c3, 8 * width, 2);
    Value c5 = convBlock("conv_block5", c4, 8 * width, 1);
    Value d1 = deconvBlock("deconv_block1", c5, 8 * width);
    Value d2 = deconvBlock("deconv_block2", concat("merge1", d1, c3), 4 * width);
    Value d3 = deconvBlock("deconv_block3", concat("merge2", d2, c2), 2 * width);
    Value d4 = deconvBlock("deconv_block4", concat("merge3", d3, c1), width);
    Value y = convTranspose2d("final_deconv/conv2d_transpose", d4, channels(), KERNEL, 1);
    return new Cleaned(sigmoid("final_deconv/sigmoid", y), null);
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
