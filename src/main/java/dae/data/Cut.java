package dae.data;

import dae.UserError;

/// How pictures are cut into images of one size.
///
/// @param patch height and width of the images
/// @param crops of each picture in an epoch; 0 for as many as tiles of that size fit into it
public record Cut(int patch, int crops) {
  /// 64×64 pixels, as many as fit.
  public static final Cut DEFAULT = new Cut(64, 0);

  private static final int MOST_PATCH = 1024;
  private static final int MOST_CROPS = 1_000_000;

  /// @throws UserError naming the option that is out of range
  public Cut {
    if (patch < 1 || patch > MOST_PATCH) {
      throw new UserError(
          "patch: expected 1 to %d pixels, got %d — change --patch".formatted(MOST_PATCH, patch));
    }
    if (crops < 0 || crops > MOST_CROPS) {
      throw new UserError(
          "crops: expected 1 to %d of each picture, or 0 for as many as fit, got %d — change"
                  .formatted(MOST_CROPS, crops)
              + " --crops");
    }
  }

  /// Crops of a picture of this size in an epoch.
  int of(int height, int width) {
    return crops > 0 ? crops : (height / patch) * (width / patch);
  }

  /// What an image takes.
  int bytes() {
    return patch * patch * Images.CHANNELS;
  }
}
