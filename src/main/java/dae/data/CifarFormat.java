package dae.data;

import java.util.List;
import java.util.Optional;

/// The two CIFAR sets in their official binary versions: what the files are called and how their
/// records look. A record is its labels, a byte each, and 1,024 bytes each of red, green and blue.
///
/// Source: <https://www.cs.toronto.edu/~kriz/cifar.html>.
enum CifarFormat {
  CIFAR10(
      "cifar10",
      "CIFAR-10",
      "cifar-10-binary.tar.gz",
      "cifar-10-batches-bin",
      "c32a1d4ab5d03f1284b67883e8d87530",
      List.of(10),
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin"),
      "test_batch.bin"),
  CIFAR100(
      "cifar100",
      "CIFAR-100",
      "cifar-100-binary.tar.gz",
      "cifar-100-binary",
      "03b5dce01913d631647c71ecec9e9cb8",
      List.of(20, 100),
      List.of("train.bin"),
      "test.bin");

  /// Rows and columns of an image.
  static final int SIDE = 32;

  /// Pixels of one colour plane.
  static final int PLANE = SIDE * SIDE;

  /// What the user types.
  final String id;

  /// What people call it.
  final String title;

  final String archive;

  /// The folder inside the archive, and that of an extracted one.
  final String folder;

  /// MD5 of the official archive.
  final String md5;

  /// How many classes each of a record's labels has.
  final List<Integer> classes;

  final List<String> trainingFiles;
  final List<String> testFiles;

  CifarFormat(
      String id,
      String title,
      String archive,
      String folder,
      String md5,
      List<Integer> classes,
      List<String> trainingFiles,
      String testFile) {
    this.id = id;
    this.title = title;
    this.archive = archive;
    this.folder = folder;
    this.md5 = md5;
    this.classes = classes;
    this.trainingFiles = trainingFiles;
    this.testFiles = List.of(testFile);
  }

  /// Labels and pixels, in bytes.
  int recordBytes() {
    return classes.size() + 3 * PLANE;
  }

  /// The official archive's address.
  String url() {
    return "https://www.cs.toronto.edu/~kriz/" + archive;
  }

  /// By what the user typed.
  static Optional<CifarFormat> of(String id) {
    for (CifarFormat format : values()) {
      if (format.id.equals(id)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
