package dae.kernel;

import dae.tensor.Shape;
import java.util.List;

/// What every fast kernel is run on: odd extents, single pixels, channel counts on both sides of
/// every lane width, sums long enough to be cut in blocks.
final class Cases {
  /// A convolution of n images in room for `capacity`, whose images lie between `before` and
  /// `after` foreign channels.
  record Conv(Conv2dSpec spec, int n, int capacity, int before, int after) {
    private static Conv of(
        int h, int w, int ic, int oc, int kernel, int stride, int n, int room, int... slice) {
      return new Conv(
          Conv2dSpec.same(h, w, ic, oc, kernel, stride),
          n,
          n + room,
          slice.length == 0 ? 0 : slice[0],
          slice.length == 0 ? 0 : slice[1]);
    }
  }

  /// Images on which a kernel works pixel by pixel.
  record Images(Shape shape, int n, int before, int after) {}

  static final List<Conv> CONVOLUTIONS =
      List.of(
          // height, width, input channels, output channels, kernel, stride, images, spare room,
          // foreign channels
          Conv.of(1, 1, 1, 1, 1, 1, 1, 0),
          Conv.of(1, 1, 3, 5, 3, 2, 3, 0),
          Conv.of(1, 1, 33, 17, 3, 1, 7, 2, 1, 2),
          Conv.of(1, 1, 64, 64, 5, 3, 1, 0),
          Conv.of(2, 1, 5, 3, 2, 1, 1, 1),
          Conv.of(1, 3, 17, 33, 3, 1, 1, 0, 3, 0),
          Conv.of(2, 2, 1, 96, 3, 1, 3, 0),
          Conv.of(7, 9, 32, 48, 3, 1, 2, 1),
          Conv.of(2, 3, 96, 1, 5, 1, 1, 0),
          Conv.of(3, 2, 3, 3, 5, 2, 7, 0, 5, 1),
          Conv.of(5, 7, 3, 4, 3, 1, 2, 3),
          Conv.of(7, 5, 3, 5, 3, 2, 1, 0, 0, 3),
          Conv.of(6, 6, 16, 16, 2, 2, 3, 0),
          Conv.of(7, 7, 5, 17, 2, 3, 3, 1, 16, 16),
          Conv.of(8, 9, 2, 3, 5, 3, 1, 0),
          Conv.of(9, 8, 8, 9, 3, 3, 3, 0, 1, 0),
          Conv.of(9, 6, 33, 5, 1, 1, 1, 0),
          Conv.of(9, 11, 5, 33, 1, 2, 3, 2, 2, 7),
          Conv.of(10, 3, 1, 3, 1, 3, 7, 0),
          Conv.of(11, 9, 2, 17, 5, 2, 1, 0),
          Conv.of(4, 4, 31, 32, 3, 2, 7, 9),
          Conv.of(13, 13, 17, 1, 3, 1, 3, 0, 0, 47),
          Conv.of(4, 4, 64, 96, 3, 1, 3, 0, 32, 0),
          Conv.of(8, 8, 96, 64, 3, 2, 3, 1),
          Conv.of(2, 2, 256, 64, 3, 1, 3, 0),
          Conv.of(4, 4, 32, 128, 3, 2, 1, 0, 0, 64),
          Conv.of(32, 32, 3, 32, 3, 2, 3, 0),
          Conv.of(32, 32, 3, 8, 3, 1, 7, 0, 0, 1),
          Conv.of(39, 41, 12, 5, 1, 1, 3, 0, 0, 4),
          Conv.of(2, 211, 3, 5, 3, 1, 3, 0, 2, 0),
          Conv.of(3, 230, 2, 20, 3, 2, 1, 0),
          Conv.of(27, 31, 16, 12, 3, 1, 5, 1),
          Conv.of(16, 17, 24, 16, 3, 2, 7, 0, 16, 8),
          Conv.of(19, 23, 7, 6, 3, 1, 7, 1),
          Conv.of(16, 16, 12, 20, 3, 2, 7, 1, 4, 3),
          Conv.of(16, 16, 33, 160, 3, 2, 3, 0, 0, 5),
          Conv.of(32, 24, 16, 48, 3, 2, 18, 0),
          Conv.of(16, 16, 32, 96, 3, 2, 18, 1, 16, 3),
          Conv.of(10, 14, 96, 64, 3, 2, 5, 0, 0, 32),
          Conv.of(18, 8, 48, 80, 3, 2, 3, 0),
          Conv.of(8, 2048, 16, 16, 3, 2, 1, 0),
          Conv.of(6, 460, 3, 8, 6, 2, 1, 0),
          Conv.of(4, 4, 16, 16, 3, 1, 1, 0),
          Conv.of(5, 4, 64, 16, 3, 1, 3, 1, 0, 5),
          Conv.of(16, 16, 16, 16, 3, 1, 17, 0),
          Conv.of(13, 22, 48, 80, 3, 1, 1, 1, 16, 3),
          Conv.of(8, 6, 16, 208, 3, 1, 2, 0, 0, 16),
          Conv.of(4, 515, 32, 16, 3, 1, 1, 0),
          Conv.of(8, 8, 3, 16, 6, 2, 1, 0),
          Conv.of(32, 32, 3, 32, 6, 2, 7, 1),
          Conv.of(10, 34, 3, 48, 6, 2, 2, 0, 2, 3),
          Conv.of(18, 8, 1, 16, 6, 2, 3, 0),
          Conv.of(16, 12, 2, 16, 6, 2, 2, 1, 0, 1),
          Conv.of(12, 26, 4, 32, 6, 2, 2, 0, 1, 0),
          Conv.of(4, 6, 5, 17, 2, 3, 1, 0),
          Conv.of(1, 2, 33, 17, 3, 1, 2, 1),
          Conv.of(21, 9, 17, 1, 3, 1, 1, 0),
          Conv.of(64, 3, 3, 1, 25, 1, 1, 0),
          Conv.of(37, 5, 3, 33, 3, 1, 1, 0));

  static final List<Images> IMAGES =
      List.of(
          new Images(Shape.image(1, 1, 1), 1, 0, 0),
          new Images(Shape.image(1, 1, 1), 3, 1, 1),
          new Images(Shape.image(1, 1, 64), 1, 0, 0),
          new Images(Shape.image(1, 3, 3), 7, 0, 0),
          new Images(Shape.image(5, 7, 5), 1, 2, 3),
          new Images(Shape.image(4, 4, 16), 3, 0, 0),
          new Images(Shape.image(3, 5, 17), 3, 0, 1),
          new Images(Shape.image(9, 7, 33), 1, 15, 0),
          new Images(Shape.image(8, 8, 32), 7, 32, 0),
          new Images(Shape.image(8, 8, 96), 3, 0, 0),
          new Images(Shape.image(2, 2, 64), 7, 0, 64),
          new Images(Shape.image(32, 32, 3), 3, 0, 0),
          new Images(Shape.image(32, 32, 8), 7, 0, 16),
          new Images(Shape.image(31, 33, 1), 7, 0, 0),
          new Images(Shape.image(2, 1, 257), 3, 0, 5));

  private Cases() {}
}
