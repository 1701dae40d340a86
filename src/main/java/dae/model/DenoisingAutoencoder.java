package dae.model;

import static dae.op.BatchNorm.batchNorm;
import static dae.op.Concat.concat;
import static dae.op.Conv2d.conv2d;
import static dae.op.ConvTranspose2d.convTranspose2d;
import static dae.op.GaussianNoise.gaussianNoise;
import static dae.op.MeanSquaredError.meanSquaredError;
import static dae.op.Pixels.pixels;
import static dae.op.Relu.relu;
import static dae.op.Sigmoid.sigmoid;

import dae.graph.Graph;
import dae.graph.Value;
import dae.tensor.Check;
import dae.tensor.Shape;

/// The denoising autoencoder: a small U-Net. Four strided convolutions bring the image down to
/// H/16×W/16, four transposed ones bring it back, and at each size on the way up the map from the
/// way down is laid beside it, so that detail need not pass through the bottleneck. It is fully
/// convolutional: the same weights serve every H×W that is a multiple of 16.
public final class DenoisingAutoencoder {
  /// Filters of the first layer in the article.
  public static final int WIDTH = 32;

  /// Height and width must be multiples of this.
  public static final int MULTIPLE = 16;

  private static final int KERNEL = 3;

  private final Graph graph = new Graph();
  private final Value clean;
  private final Value noisy;
  private final Value denoised;
  private final Value loss;

  private DenoisingAutoencoder(Shape image, int width, float sigma, boolean fromPixels) {
    Check.that(
        image.h() % MULTIPLE == 0 && image.w() % MULTIPLE == 0,
        "model",
        "height and width in multiples of " + MULTIPLE,
        image.h() + "×" + image.w(),
        "pad the image");
    Check.that(width >= 1, "model", "a width of at least 1", "" + width, "the article's is 32");
    if (fromPixels) {
      clean = pixels(graph, image.h(), image.w());
      noisy = gaussianNoise(clean, sigma);
    } else {
      clean = graph.input("clean", image);
      noisy = graph.input("noisy", image);
    }
    denoised = denoise(noisy, width);
    loss = meanSquaredError("loss", denoised, clean);
  }

  /// The model for stored images: bytes come in with [dae.graph.Plan#feed], noise is drawn on the
  /// way.
  ///
  /// @param sigma standard deviation of the noise in units of the full range
  public static DenoisingAutoencoder onPixels(int h, int w, int width, float sigma) {
    return new DenoisingAutoencoder(Shape.image(h, w, 3), width, sigma, true);
  }

  /// The model for images that are noisy already: upload [#noisy], and [#clean] where a loss is
  /// wanted.
  public static DenoisingAutoencoder onFloats(int h, int w, int width) {
    return new DenoisingAutoencoder(Shape.image(h, w, 3), width, 0, false);
  }

  private Value denoise(Value x, int width) {
    Value c1 = convBlock("conv_block1", x, width, 2);
    Value c2 = convBlock("conv_block2", c1, 2 * width, 2);
    Value c3 = convBlock("conv_block3", c2, 4 * width, 2);
    Value c4 = convBlock("conv_block4", c3, 8 * width, 2);
    Value c5 = convBlock("conv_block5", c4, 8 * width, 1);
    Value d1 = deconvBlock("deconv_block1", c5, 8 * width);
    Value d2 = deconvBlock("deconv_block2", concat("merge1", d1, c3), 4 * width);
    Value d3 = deconvBlock("deconv_block3", concat("merge2", d2, c2), 2 * width);
    Value d4 = deconvBlock("deconv_block4", concat("merge3", d3, c1), width);
    Value y = convTranspose2d("final_deconv/conv2d_transpose", d4, 3, KERNEL, 1);
    return sigmoid("final_deconv/sigmoid", y);
  }

  private static Value convBlock(String name, Value x, int filters, int stride) {
    Value y = conv2d(name + "/conv2d", x, filters, KERNEL, stride);
    return relu(name + "/relu", batchNorm(name + "/batch_normalization", y));
  }

  private static Value deconvBlock(String name, Value x, int filters) {
    Value y = convTranspose2d(name + "/conv2d_transpose", x, filters, KERNEL, 2);
    return relu(name + "/relu", batchNorm(name + "/batch_normalization", y));
  }

  public Graph graph() {
    return graph;
  }

  /// The images as they should be, N×H×W×3.
  public Value clean() {
    return clean;
  }

  /// The images as they come in, N×H×W×3.
  public Value noisy() {
    return noisy;
  }

  /// The images as they come out, N×H×W×3.
  public Value denoised() {
    return denoised;
  }

  /// The mean squared error of [#denoised] against [#clean], a scalar.
  public Value loss() {
    return loss;
  }
}
