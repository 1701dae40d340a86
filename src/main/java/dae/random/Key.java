package dae.random;

/// What the noise of a batch depends on besides places in an image.
///
/// @param seed the run's
/// @param epoch the epoch, or 0 in each epoch for noise that is drawn once
/// @param images the index of each image in its split
/// @param step of a chain of damage, from 0
public record Key(long seed, int epoch, int[] images, int step) {
  /// For one image.
  public static Key of(long seed, int epoch, int image, int step) {
    return new Key(seed, epoch, new int[] {image}, step);
  }

  /// Writes block b of image i's random words to `words[0..3]`.
  public void block(int b, int i, int[] words) {
    Philox.block(b, images[i], epoch, stream(), (int) seed, (int) (seed >>> 32), words);
  }

  /// The fourth counter word of the noise.
  public int stream() {
    return Streams.at(Streams.NOISE, step);
  }

  /// A number between two that is the same all over image i.
  public float level(int i, float low, float high) {
    return new Draws(seed, Streams.at(Streams.LEVEL, step), images[i], epoch).uniform(low, high);
  }
}
