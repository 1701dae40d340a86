package dae.bench;

import dae.kernel.Conv2dSpec;

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
}
