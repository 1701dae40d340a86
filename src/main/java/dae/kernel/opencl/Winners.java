package dae.kernel.opencl;

import dae.kernel.Conv2dSpec;
import dae.kernel.Pass;
import dae.tensor.Shape;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which tile each product takes: the one that `tune` found fastest on this device, or else
/// [Tile#choose].
final class Winners {
  private static final String PREFIX = "tiles-";

  private final Path file;
  private final Properties found = new Properties();

  /// @param folder where the winners of a device are kept
  Winners(Path folder, Device device) {
    file =
        folder.resolve(
            PREFIX
                + ProgramCache.key(device.name(), device.driver()).substring(0, 16)
                + ".properties");
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        found.load(in);
      } catch (IOException | IllegalArgumentException unreadable) {
        // The defaults are sensible.
        found.clear();
      }
    }
  }

  /// Changes when a device was tuned.
  static String stamp(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .sorted()
          .map(Drivers::age)
          .collect(Collectors.joining());
    } catch (IOException none) {
      return "";
    }
  }

  /// @param n images of a call
  Tile tile(Conv2dSpec s, Pass pass, int n, Device device) {
    Tile won = Tile.parse(found.getProperty(key(s, pass, n), ""));
    return won != null && won.fits(pass, device) ? won : untuned(s, pass, n, device);
  }

  /// The tile where nobody has tuned.
  static Tile untuned(Conv2dSpec s, Pass pass, int n, Device device) {
    return Tile.choose(
        pass,
        ClConv.rows(s, pass, n),
        ClConv.columns(s, pass),
        ClConv.products(s, pass, n),
        device);
  }

  void put(Conv2dSpec s, Pass pass, int n, Tile tile) {
    found.setProperty(key(s, pass, n), tile.toString());
  }

  /// Replaces the file as a whole.
  Path save() throws IOException {
    ProgramCache.create(file.getParent());
    Path whole = Files.createTempFile(file.getParent(), "tiles", ".tmp");
    try (Writer out = Files.newBufferedWriter(whole)) {
      found.store(out, "product = tile, found by dae-engine tune");
    }
    return Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /// What is fastest depends on the number of images, but not on a few more or less.
  private static String key(Conv2dSpec s, Pass pass, int n) {
    return "%s_%s_%s_k%dx%d_s%d_n%d"
        .formatted(
            pass,
            extents(s.x()),
            extents(s.y()),
            s.kh(),
            s.kw(),
            s.stride(),
            Integer.highestOneBit(n));
  }

  /// `32x32x3`, in keys and tables.
  static String extents(Shape image) {
    return image.h() + "x" + image.w() + "x" + image.c();
  }
}
