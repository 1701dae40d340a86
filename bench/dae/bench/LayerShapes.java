package dae.bench;

import dae.kernel.Conv2dSpec;
import dae.kernel.Pass;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/// The ten convolutions of the article's model on 32×32 images. For a transposed convolution the
/// mirrored convolution is given, whose forward pass is the layer's input gradient.
public enum LayerShapes {
  CONV1(Conv2dSpec.same(32, 32, 3, 32, 3, 2)),
  CONV2(Conv2dSpec.same(16, 16, 32, 64, 3, 2)),
  CONV3(Conv2dSpec.same(8, 8, 64, 128, 3, 2)),
  CONV4(Conv2dSpec.same(4, 4, 128, 256, 3, 2)),
  CONV5(Conv2dSpec.same(2, 2, 256, 256, 3, 1)),
  DECONV1(Conv2dSpec.transposed(2, 2, 256, 256, 3, 2)),
  DECONV2(Conv2dSpec.transposed(4, 4, 384, 128, 3, 2)),
  DECONV3(Conv2dSpec.transposed(8, 8, 192, 64, 3, 2)),
  DECONV4(Conv2dSpec.transposed(16, 16, 96, 32, 3, 2)),
  FINAL(Conv2dSpec.transposed(32, 32, 32, 3, 3, 1));

  final Conv2dSpec spec;

  LayerShapes(Conv2dSpec spec) {
    this.spec = spec;
  }

  /// The products of a training step: nobody wants the gradient of the images.
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
