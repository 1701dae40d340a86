package dae.data;

import dae.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Opens data sets by name: `cifar100`, `cifar10`, `leaves`, or a folder of pictures.
public final class Datasets {
  private Datasets() {}

  /// Opens a data set, reading nothing yet; warnings about single pictures go to stderr.
  ///
  /// @param nameOrFolder `cifar100`, `cifar10`, `leaves` or a folder of pictures
  /// @param dataFolder where archives and extracted folders lie
  /// @throws UserError if it is neither a known name nor a folder
  public static Dataset open(String nameOrFolder, Path dataFolder) {
    return open(nameOrFolder, dataFolder, line -> System.err.println("warning: " + line));
  }

  /// As [#open(String, Path)], with warnings, one line each, handed to `warnings`.
  public static Dataset open(String nameOrFolder, Path dataFolder, Consumer<String> warnings) {
    Optional<CifarFormat> cifar = CifarFormat.of(nameOrFolder);
    if (cifar.isPresent()) {
      return new Cifar(cifar.get(), dataFolder);
    }
    if (nameOrFolder.equals("leaves")) {
      return new DeadLeaves();
    }
    if (isFolder(nameOrFolder)) {
      return new ImageFolder(Path.of(nameOrFolder), warnings);
    }
    throw new UserError(
        ("dataset: expected cifar100, cifar10, leaves or a folder of pictures, got '%s'"
                + " — check the name")
            .formatted(nameOrFolder));
  }

  /// A generated picture of dead leaves, 256×256, interleaved RGB.
  ///
  /// @param number another one, another picture
  public static byte[] scene(int number) {
    return DeadLeaves.scene(number);
  }

  /// Whether it is a name and not a folder.
  public static boolean named(String nameOrFolder) {
    return CifarFormat.of(nameOrFolder).isPresent() || nameOrFolder.equals("leaves");
  }

  /// The name as it is understood in any working folder: a folder's absolute path.
  public static String absolute(String nameOrFolder) {
    return named(nameOrFolder) || !isFolder(nameOrFolder)
        ? nameOrFolder
        : Path.of(nameOrFolder).toAbsolutePath().normalize().toString();
  }

  /// Whether the data set's files are there; they may still be incomplete or damaged.
  public static boolean present(String nameOrFolder, Path dataFolder) {
    return CifarFormat.of(nameOrFolder)
        .map(format -> Cifar.present(format, dataFolder))
        .orElseGet(() -> nameOrFolder.equals("leaves") || isFolder(nameOrFolder));
  }

  private static boolean isFolder(String name) {
    try {
      return !name.isBlank() && Files.isDirectory(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
