package dae.random;

/// The fourth counter word of every draw: one number per purpose, so that no two purposes ever see
/// the same random numbers. The numbers are part of the result of a run: never change one.
public final class Streams {
  /// The noise of images: [Normals], [NormalQuantile].
  public static final int NOISE = 1;

  /// The order of the training images: [Shuffle].
  public static final int SHUFFLE = 2;

  /// The initial weights of a model.
  public static final int WEIGHTS = 3;

  /// The generated dead-leaves images.
  public static final int LEAVES = 4;

  /// The places where pictures of a folder are cut.
  public static final int CROPS = 5;

  /// How the training images lie in which epoch.
  public static final int FLIPS = 6;

  /// How strong an image's noise is, where that is drawn.
  public static final int LEVEL = 7;

  /// What is painted on an image.
  public static final int DAMAGE = 8;

  /// The images of which the mean is taken again.
  public static final int BOOTSTRAP = 9;

  private static final int STEP = 256;

  private Streams() {}

  /// The counter word of a purpose in one step of a chain of damage, the first of which is 0.
  public static int at(int stream, int step) {
    return stream + STEP * step;
  }
}
