package dae.data;

import dae.UserError;

/// A data set whose last training images take the place of its test images: to choose between ways
/// of training, so that the test images are measured once, when the choice is made.
public final class Holdout implements Dataset {
  private final Dataset whole;
  private final int count;
  private Images training;
  private Images heldOut;

  /// @param count how many training images to hold out, at least 1
  public Holdout(Dataset whole, int count) {
    this.whole = whole;
    this.count = count;
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public String describe() {
    return whole.describe() + ", " + count + " training images held out";
  }

  /// @throws UserError if nothing would be left to learn from
  @Override
  public Images training() {
    split();
    return training;
  }

  /// The images that are held out.
  @Override
  public Images test() {
    split();
    return heldOut;
  }

  private synchronized void split() {
    if (training == null) {
      if (!(whole.training() instanceof Images all)) {
        throw new UserError(
            "train: expected cifar100, cifar10 or leaves with --holdout, got a folder — leave it out;"
                + " a tenth of its pictures is held out already");
      }
      if (count >= all.count()) {
        throw new UserError(
            "%s: expected to hold out fewer than its %d training images, got %d — change --holdout"
                .formatted(name(), all.count(), count));
      }
      training = all.first(all.count() - count);
      heldOut = all.last(count);
    }
  }
}
