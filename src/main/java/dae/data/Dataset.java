package dae.data;

/// A set of images in two splits. A split is loaded when it is first asked for and then kept, so
/// that an evaluation does not need the training images, nor their memory.
public interface Dataset {
  /// The name by which it was opened, such as `cifar100`.
  String name();

  /// What it is and where it comes from, for people.
  String describe();

  /// The images to learn from.
  ///
  /// @throws dae.UserError if the split is missing or damaged
  ImageSource training();

  /// The images to measure with, which training never sees.
  ///
  /// @throws dae.UserError if the split is missing or damaged
  Images test();
}
