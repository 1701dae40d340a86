package peers;

/// The layers that the network needs, and the network itself, written once for every framework; it
/// is [dae.model.ArticleNetwork] under the same names.
///
/// @param <T> what the framework calls an intermediate result
interface Layers<T> {
  /// A 3×3 convolution with bias, Keras' padding `same`.
  T conv(String name, T x, int stride);

  /// A 3×3 transposed convolution with bias, Keras' padding `same`.
  T convTranspose(String name, T x, int stride);

  T batchNorm(String name, T x);

  T relu(T x);

  T concat(T a, T b);

  T sigmoid(T x);

  /// Whether the weights came [Weights#folded].
  boolean folded();

  default T denoise(T noisy) {
    T c1 = convBlock("conv_block1", noisy, 2);
    T c2 = convBlock("conv_block2", c1, 2);
    T c3 = convBlock("conv_block3", c2, 2);
    T c4 = convBlock("conv_block4", c3, 2);
    T c5 = convBlock("conv_block5", c4, 1);
    T d1 = deconvBlock("deconv_block1", c5);
    T d2 = deconvBlock("deconv_block2", concat(d1, c3));
    T d3 = deconvBlock("deconv_block3", concat(d2, c2));
    T d4 = deconvBlock("deconv_block4", concat(d3, c1));
    return sigmoid(convTranspose("final_deconv/conv2d_transpose", d4, 1));
  }

  private T convBlock(String name, T x, int stride) {
    return activate(name, conv(name + "/conv2d", x, stride));
  }

  private T deconvBlock(String name, T x) {
    return activate(name, convTranspose(name + "/conv2d_transpose", x, 2));
  }

  private T activate(String name, T x) {
    return relu(folded() ? x : batchNorm(name + "/batch_normalization", x));
  }
}
