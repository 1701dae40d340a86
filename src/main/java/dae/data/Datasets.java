package dae.data;

import dae.Printable;
import dae.UserError;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Opens data sets by name: `cifar100`, `cifar10`, `leaves`, or a folder of pictures. Several, with
/// the system's separator of paths between them, are mixed; each may say how often an epoch shows
/// it (`photos=1:scans=3`).
public final class Datasets {
  private Datasets() {}

  /// Opens a data set, reading nothing yet; warnings about single pictures go to stderr.
  ///
  /// @param words `cifar100`, `cifar10`, `leaves` or a folder of pictures, or several
  /// @param dataFolder where archives and extracted folders lie
  /// @throws UserError if one is neither a known name nor a folder, or has no sensible weight
  public static Dataset open(String words, Path dataFolder) {
    return open(
        words,
        dataFolder,
        Cut.DEFAULT,
        line -> System.err.println(Printable.line("warning: " + line)));
  }

  /// As [#open(String, Path)], with warnings, one line each, handed to `warnings`.
  ///
  /// @param cut how pictures are cut into images
  public static Dataset open(String words, Path dataFolder, Cut cut, Consumer<String> warnings) {
    List<Weighted> all = Weighted.parse(words);
    if (all.size() == 1 && all.getFirst().weight() == 1) {
      return one(all.getFirst().name(), dataFolder, cut, warnings);
    }
    return new MixedDataset(
        all.stream()
            .map(each ->
                new MixedDataset.Part(one(each.name(), dataFolder, cut, warnings), each.weight()))
            .toList());
  }

  /// Opens pictures that are there noisy and clean ([PicturePairs]).
  public static Dataset pairs(String noisy, String clean, Cut cut, Consumer<String> warnings) {
    return ImageFolder.pairs(noisy, clean, cut, warnings);
  }

  private static Dataset one(
      String nameOrFolder, Path dataFolder, Cut cut, Consumer<String> warnings) {
    Optional<CifarFormat> cifar = CifarFormat.of(nameOrFolder);
    if (cifar.isPresent()) {
      return new Cifar(cifar.get(), dataFolder, warnings);
    }
    if (nameOrFolder.equals("leaves")) {
      return new DeadLeaves();
    }
    if (isFolder(nameOrFolder)) {
      return ImageFolder.of(Path.of(nameOrFolder), cut, warnings);
    }
    throw new UserError(
        ("dataset: expected cifar100, cifar10, leaves or a folder of pictures, got '%s'"
                + " — check the name; of a picture, name its folder; of a"
                + " run whose pictures were moved, --dataset says where they are")
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

  /// Whether it is, or names among others, a folder.
  public static boolean anyFolder(String words) {
    return Weighted.parse(words).stream().anyMatch(each -> !named(each.name()));
  }

  /// The names in words, without weights.
  public static List<String> names(String words) {
    return Weighted.parse(words).stream().map(Weighted::name).toList();
  }

  /// Several as one.
  ///
  /// @param words each may have a weight
  public static String join(List<String> words) {
    return String.join(File.pathSeparator, words);
  }

  /// The words as they are understood in any working folder: folders by their absolute paths.
  public static String absolute(String words) {
    return mapped(
        words, name -> isFolder(name) ? "" + Path.of(name).toAbsolutePath().normalize() : name);
  }

  /// The words without what is nobody else's business: of a folder only its last name.
  public static String withoutFolders(String words) {
    return mapped(words, name -> named(name) ? name : "" + Path.of(name).getFileName());
  }

  /// Whether they are the same but for the places of folders.
  public static boolean moved(String before, String now) {
    List<Weighted> a = Weighted.parse(before);
    List<Weighted> b = Weighted.parse(now);
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      Weighted from = a.get(i);
      Weighted to = b.get(i);
      boolean folders = !named(from.name()) && !named(to.name());
      same = from.weight() == to.weight() && (folders || from.name().equals(to.name()));
    }
    return same;
  }

  private static String mapped(String words, UnaryOperator<String> change) {
    return join(
        Weighted.parse(words).stream()
            .map(each -> new Weighted(change.apply(each.name()), each.weight()).toString())
            .toList());
  }

  /// Whether the data set's files are there; they may still be incomplete or damaged.
  public static boolean present(String nameOrFolder, Path dataFolder) {
    return CifarFormat.of(nameOrFolder)
        .map(format -> Cifar.present(format, dataFolder))
        .orElseGet(() -> nameOrFolder.equals("leaves") || isFolder(nameOrFolder));
  }

  static boolean isFolder(String name) {
    try {
      return !name.isBlank() && Files.isDirectory(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
