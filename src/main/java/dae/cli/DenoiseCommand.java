package dae.cli;

import dae.UserError;
import dae.file.Padding;
import dae.image.Picture;
import dae.image.Png;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.DenoisingAutoencoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Cleans one picture. No noise is ever added.
@Command(
    name = "denoise",
    description = {
      "Cleans a picture: PNG in, PNG out, of any size; transparency is kept.",
      "The models are trained on Gaussian noise; noise of a camera differs from it."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar denoise photo.png",
      "  java -jar dae-engine.jar denoise a.png -o b.png --model best.safetensors"
    })
final class DenoiseCommand implements Callable<Integer> {
  private static final int MULTIPLE = DenoisingAutoencoder.MULTIPLE;
  private static final String PNG = ".png";

  @Parameters(paramLabel = "PICTURE", description = "The noisy picture.")
  private Path picture;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the clean one goes; never overwritten (default: <name>-denoised.png).")
  private Path output;

  @Mixin private ModelOption model;

  @Mixin private BackendOptions machine;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Path target = output != null ? output : beside(picture);
    requireFree(target);
    Checkpoint checkpoint = model.load();
    try {
      Picture noisy = Png.read(picture);
      Png.write(clean(noisy, checkpoint), target);
    } catch (IOException e) {
      throw new UserError("denoise: " + e.getMessage(), e);
    }
    spec.commandLine().getErr().println("model   " + checkpoint.source());
    spec.commandLine().getOut().println(target);
    return 0;
  }

  private static Path beside(Path picture) {
    String name = "" + picture.getFileName();
    String stem =
        name.regionMatches(true, name.length() - PNG.length(), PNG, 0, PNG.length())
            ? name.substring(0, name.length() - PNG.length())
            : name;
    return picture.resolveSibling(stem + "-denoised" + PNG);
  }

  private static void requireFree(Path target) {
    if (Files.exists(target)) {
      throw new UserError(
          target + ": expected no such file, got one — move it away or name another with -o");
    }
    if (!("" + target.getFileName()).toLowerCase(Locale.ROOT).endsWith(PNG)) {
      throw new UserError(
          target + ": expected a name that ends in .png, got another — PNG is what it writes");
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserError(target + ": expected a folder to write to, got none — make it first");
    }
  }

  /// Not a number would be drawn as black.
  private static void requireFinite(float[] pixels, String model) {
    for (float value : pixels) {
      if (!Float.isFinite(value)) {
        throw new UserError(
            "%s: expected a model with finite results, got %s — it is damaged; name another with --model"
                .formatted(model, value));
      }
    }
  }

  private Picture clean(Picture noisy, Checkpoint checkpoint) {
    int h = Padding.extent(noisy.height(), MULTIPLE);
    int w = Padding.extent(noisy.width(), MULTIPLE);
    float[] clean =
        machine.work(
            machine.name(BackendOptions.AUTO),
            backend -> {
              int rows = rows(h, w, checkpoint.width(), backend);
              float[] padded = Padding.mirror(noisy.rgb(), noisy.height(), noisy.width(), MULTIPLE);
              return Strips.clean(padded, h, w, rows, checkpoint, backend);
            });
    requireFinite(clean, checkpoint.source());
    float[] cropped = Padding.crop(clean, noisy.height(), noisy.width(), MULTIPLE);
    return new Picture(noisy.height(), noisy.width(), cropped, noisy.alpha());
  }

  /// How many rows are computed at once: all, or as many as memory holds.
  ///
  /// @throws UserError if these are too few
  private static int rows(int h, int w, int width, Backend backend) {
    Room room = new Room(backend);
    IntPredicate holds =
        n -> room.holds(Strips.bytes(w, n, width, backend), Strips.heapBytes(h, w, n));
    // The largest feature map has the window's size and the model's width.
    int most = Math.min(h / MULTIPLE, Integer.MAX_VALUE / (w * MULTIPLE) / width);
    if (most * MULTIPLE == h && holds.test(h)) {
      return h;
    }
    int rows =
        MULTIPLE
            * room.largest(
                most,
                n -> Strips.bytes(w, n * MULTIPLE, width, backend),
                n -> Strips.heapBytes(h, w, n * MULTIPLE));
    rows -= (h - rows) % Strips.STEP;
    int least = Math.min(h, Strips.LEAST + h % Strips.STEP);
    if (rows < least) {
      throw room.tooSmall(
          "denoise",
          "a picture of %d x %d".formatted(w, h),
          Strips.bytes(w, least, width, backend),
          Strips.heapBytes(h, w, least),
          "cut the picture");
    }
    return rows;
  }
}
