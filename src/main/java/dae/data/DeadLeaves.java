package dae.data;

import dae.random.Streams;
import java.util.stream.IntStream;

/// Generated images, for a first run without any data: 20,000 for training and 2,000 for testing,
/// 32×32 pixels, the same on every machine. They share with photographs what a denoiser learns
/// first, edges by occlusion at all scales, but results on them say nothing about CIFAR.
///
/// Source of the model: Lee, Mumford, Huang, *Occlusion models for natural images*, IJCV 2001. Each
/// scene ([LeafScene]) is cut into 64 images; training and test images come from different scenes.
final class DeadLeaves implements Dataset {
  private static final int SIDE = 32;
  private static final int TRAINING = 20_000;
  private static final int TEST = 2_000;
  private static final int PER_ROW = LeafScene.SIDE / SIDE;
  private static final int PER_SCENE = PER_ROW * PER_ROW;

  /// Part of what the images are: another seed would be another data set.
  private static final long SEED = 2001;

  /// Number of the first scene of the test split, far beyond the last of the training split.
  private static final int FIRST_TEST_SCENE = 1_000_000;

  private Images training;
  private Images test;

  @Override
  public String name() {
    return "leaves";
  }

  @Override
  public String describe() {
    return "generated dead-leaves images (not comparable with the article)";
  }

  @Override
  public synchronized Images training() {
    if (training == null) {
      training = generate(0, TRAINING);
    }
    return training;
  }

  @Override
  public synchronized Images test() {
    if (test == null) {
      test = generate(FIRST_TEST_SCENE, TEST);
    }
    return test;
  }

  /// Draws scenes in parallel; each has its own random numbers, so their order does not matter.
  private static Images generate(int firstScene, int count) {
    byte[] pixels = Images.room("leaves", count * SIDE * SIDE * Images.CHANNELS);
    LeafTexture texture = new LeafTexture(SEED, Streams.LEAVES);
    IntStream.range(0, Math.ceilDiv(count, PER_SCENE))
        .parallel()
        .forEach(scene -> {
          byte[] picture = new LeafScene(SEED, firstScene + scene, texture).paint();
          int images = Math.min(PER_SCENE, count - scene * PER_SCENE);
          for (int i = 0; i < images; i++) {
            crop(picture, i, pixels, scene * PER_SCENE + i);
          }
        });
    return new Images(SIDE, SIDE, pixels);
  }

  /// A whole picture of the training split.
  static byte[] scene(int number) {
    return new LeafScene(SEED, number, new LeafTexture(SEED, Streams.LEAVES)).paint();
  }

  private static void crop(byte[] picture, int tile, byte[] pixels, int image) {
    int row = SIDE * Images.CHANNELS;
    int from = (tile / PER_ROW * SIDE * LeafScene.SIDE + tile % PER_ROW * SIDE) * Images.CHANNELS;
    for (int y = 0; y < SIDE; y++) {
      int source = from + y * LeafScene.SIDE * Images.CHANNELS;
      System.arraycopy(picture, source, pixels, (image * SIDE + y) * row, row);
    }
  }
}
