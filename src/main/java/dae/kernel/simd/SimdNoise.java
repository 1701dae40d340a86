package dae.kernel.simd;

import static dae.kernel.simd.Lanes.F;
import static dae.kernel.simd.Lanes.L;

import dae.random.Key;
import dae.random.Normals;
import dae.tensor.Shape;
import dae.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The noises of [dae.kernel.PixelNoise], image by image, with the same bits. Lanes are
/// neighbouring Philox blocks and so neighbouring elements: word w of the blocks makes the w-th
/// quarter of an image. Where the tensors have gaps, an image is copied out of them and back.
final class SimdNoise {
  /// What a worker keeps of its present image.
  private static final class Image {
    int[][] words = new int[4][0];
    float[][] normals = new float[4][0];
    float[] means = new float[0];
    float[] scratch = new float[0];
    float[] values = new float[0];

    float[] from;
    float[] to;
    int fromAt;
    int toAt;
  }

  private final Workers workers;
  private final Image[] own;
  private final Workers.Task gaussian = this::gaussian;
  private final Workers.Task poisson = this::poisson;
  private final Workers.Task saltPepper = this::saltPepper;

  private Tensor clean;
  private Tensor noisy;
  private Shape shape;
  private Key key;
  private float[] sigma;
  private float strength;
  private int blocks;

  SimdNoise(Workers workers) {
    this.workers = workers;
    own = new Image[workers.count()];
    for (int i = 0; i < own.length; i++) {
      own[i] = new Image();
    }
  }

  void gaussian(int n, Tensor clean, Key key, float[] sigma, Tensor noisy) {
    this.sigma = sigma;
    begin(clean, key, noisy, clean.shape().size());
    workers.run(n, gaussian);
  }

  void poisson(int n, Tensor clean, Key key, float peak, Tensor noisy) {
    strength = peak;
    begin(clean, key, noisy, clean.shape().size());
    workers.run(n, poisson);
  }

  void saltPepper(int n, Tensor clean, Key key, float share, Tensor noisy) {
    strength = share;
    begin(clean, key, noisy, clean.shape().pixels());
    workers.run(n, saltPepper);
  }

  /// @param places of an image that get a word each
  private void begin(Tensor clean, Key key, Tensor noisy, int places) {
    this.clean = clean;
    this.key = key;
    this.noisy = noisy;
    shape = clean.shape();
    blocks = Normals.blocks(places);
    int padded = Math.ceilDiv(blocks, 16) * 16;
    for (Image image : own) {
      if (image.words[0].length < padded) {
        image.words = new int[4][padded];
        image.normals = new float[4][padded];
        image.means = new float[padded];
        image.scratch = new float[padded];
      }
      if (image.values.length < shape.size()) {
        image.values = new float[shape.size()];
      }
    }
  }

  private void gaussian(int i, int worker) {
    Image image = enter(i, worker);
    SimdNormals.fill(image.words, blocks, image.normals);
    for (int quarter = 0; quarter < 4; quarter++) {
      add(image, image.normals[quarter], quarter * blocks, sigma[i]);
    }
    leave(i, image);
  }

  /// One quarter of an image's values, from `first` on.
  private void add(Image image, float[] normals, int first, float sigma) {
    int count = Math.min(blocks, shape.size() - first);
    int from = image.fromAt + first;
    int to = image.toAt + first;
    FloatVector s = FloatVector.broadcast(F, sigma);
    for (int i = 0; i < count; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, count);
      FloatVector value =
          s.fma(
              FloatVector.fromArray(F, normals, i),
              FloatVector.fromArray(F, image.from, from + i, inside));
      value.min(1f).max(0f).intoArray(image.to, to + i, inside);
    }
  }

  private void poisson(int i, int worker) {
    Image image = enter(i, worker);
    for (int quarter = 0; quarter < 4; quarter++) {
      int first = quarter * blocks;
      int count = Math.min(blocks, shape.size() - first);
      float[] counts = image.normals[quarter];
      means(image, first, count);
      SimdPoisson.fill(image.means, image.words[quarter], count, image.scratch, counts);
      shares(image, counts, first, count);
    }
    leave(i, image);
  }

  private void means(Image image, int first, int count) {
    for (int i = 0; i < count; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, count);
      FloatVector.fromArray(F, image.from, image.fromAt + first + i, inside)
          .mul(strength)
          .intoArray(image.means, i);
    }
  }

  private void shares(Image image, float[] counts, int first, int count) {
    for (int i = 0; i < count; i += L) {
      VectorMask<Float> inside = F.indexInRange(i, count);
      FloatVector.fromArray(F, counts, i)
          .div(strength)
          .min(1f)
          .intoArray(image.to, image.toAt + first + i, inside);
    }
  }

  private void saltPepper(int i, int worker) {
    Image image = enter(i, worker);
    int c = shape.c();
    for (int quarter = 0; quarter < 4; quarter++) {
      int first = quarter * blocks;
      int count = Math.min(blocks, shape.pixels() - first);
      for (int pixel = 0; pixel < count; pixel++) {
        float u = (image.words[quarter][pixel] >>> 8) * Normals.STEP;
        int at = (first + pixel) * c;
        for (int k = at; k < at + c; k++) {
          float x = image.from[image.fromAt + k];
          image.to[image.toAt + k] = u < strength / 2 ? 0 : u < strength ? 1 : x;
        }
      }
    }
    leave(i, image);
  }

  /// Draws the words of image i and says where its values are read and written.
  private Image enter(int i, int worker) {
    Image image = own[worker];
    SimdPhilox.words(key, i, blocks, image.words);
    int from = clean.offset() + i * shape.pixels() * clean.pitch();
    if (clean.isDense() && noisy.isDense()) {
      image.from = clean.floats();
      image.fromAt = from;
      image.to = noisy.floats();
      image.toAt = noisy.offset() + i * shape.size();
      return image;
    }
    for (int pixel = 0; pixel < shape.pixels(); pixel++) {
      int at = from + pixel * clean.pitch();
      System.arraycopy(clean.floats(), at, image.values, pixel * shape.c(), shape.c());
    }
    image.from = image.values;
    image.fromAt = 0;
    image.to = image.values;
    image.toAt = 0;
    return image;
  }

  private void leave(int i, Image image) {
    if (image.to == image.values) {
      int to = noisy.offset() + i * shape.pixels() * noisy.pitch();
      for (int pixel = 0; pixel < shape.pixels(); pixel++) {
        int at = to + pixel * noisy.pitch();
        System.arraycopy(image.values, pixel * shape.c(), noisy.floats(), at, shape.c());
      }
    }
  }
}
