package dae.cli;

import dae.UserError;
import dae.denoise.Denoiser;
import dae.image.Picture;
import dae.image.Png;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
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
      "The models are trained on Gaussian noise; a camera's noise is different."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar denoise photo.png",
      "  java -jar dae-engine.jar denoise a.png -o b.png --model best.safetensors"
    })
final class DenoiseCommand implements Callable<Integer> {
  private static final String PNG = ".png";

  @Parameters(paramLabel = "PICTURE", description = "The noisy picture.")
  private Path picture;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the clean one goes; never overwritten (default: <name>-denoised.png).")
  private Path output;

  @Option(
      names = "--ensemble",
      description =
          "Clean the picture in all eight orientations, turned and mirrored, and take the mean;"
              + " takes eight times as long.")
  private boolean ensemble;

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

  private Picture clean(Picture noisy, Checkpoint checkpoint) {
    return machine.work(
        machine.name(BackendOptions.AUTO),
        backend -> {
          try (Denoiser denoiser = Denoiser.open(checkpoint, backend)) {
            return ensemble ? denoiser.cleanEnsemble(noisy) : denoiser.clean(noisy);
          }
        });
  }
}
