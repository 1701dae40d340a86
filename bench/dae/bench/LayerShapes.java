package dae.bench;

import dae.kernel.Conv2dSpec;
import dae.kernel.Pass;
import dae.model.Denoising;
import dae.model.Networks;
import dae.op.Convolution;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The ten convolutions of the article's model on 32×32 images, as they stand on its tape. For a
/// transposed convolution the mirrored convolution is given, whose forward pass is the layer's
/// input gradient.
public enum LayerShapes {
  CONV1("conv_block1/conv2d"),
  CONV2("conv_block2/conv2d"),
  CONV3("conv_block3/conv2d"),
  CONV4("conv_block4/conv2d"),
  CONV5("conv_block5/conv2d"),
  DECONV1("deconv_block1/conv2d_transpose"),
  DECONV2("deconv_block2/conv2d_transpose"),
  DECONV3("deconv_block3/conv2d_transpose"),
  DECONV4("deconv_block4/conv2d_transpose"),
  FINAL("final_deconv/conv2d_transpose");

  final Conv2dSpec spec;

  LayerShapes(String label) {
    spec =
        Denoising.inference(Networks.named(Networks.DEFAULT), 32, 32).graph().tape().stream()
            .filter(entry -> entry.op().label().equals(label))
            .map(entry -> ((Convolution) entry.op()).spec())
            .findFirst()
            .orElseThrow();
  }

  /// The products of a training step: the images need no gradient.
  Set<Pass> training() {
    return this == CONV1
        ? EnumSet.of(Pass.FORWARD, Pass.BACKWARD_FILTER)
        : EnumSet.allOf(Pass.class);
  }

  /// Operations of one image in a whole training step or inference.
  ///
  /// @param count multiply-adds of one image in one pass
  static long flops(boolean training, ToLongFunction<Conv2dSpec> count) {
    return Arrays.stream(values())
        .mapToLong(l -> 2 * count.applyAsLong(l.spec) * (training ? l.training().size() : 1))
        .sum();
  }
}
