package dae.graph;

/// What the host hands to a plan for one run, besides uploaded inputs: the images' bytes and which
/// noise to draw.
public final class Feed {
  private byte[] pixels;
  private int[] images;
  private long seed;
  private int epoch;

  /// @param pixels n images of interleaved bytes
  /// @param images the number of each image in its data set, a coordinate of its noise
  /// @param seed first coordinate of the noise
  /// @param epoch second coordinate of the noise
  void set(byte[] pixels, int[] images, long seed, int epoch) {
    this.pixels = pixels;
    this.images = images;
    this.seed = seed;
    this.epoch = epoch;
  }

  public byte[] pixels() {
    return pixels;
  }

  public int[] images() {
    return images;
  }

  public long seed() {
    return seed;
  }

  public int epoch() {
    return epoch;
  }
}
