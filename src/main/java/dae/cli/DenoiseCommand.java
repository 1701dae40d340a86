package dae.cli;

import dae.DeviceError;
import dae.UserError;
import dae.denoise.Cleaning;
import dae.denoise.Denoiser;
import dae.denoise.Options;
import dae.denoise.Strength;
import dae.file.AtomicFile;
import dae.model.Checkpoint;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Cleans pictures. No noise is ever added.
@Command(
    name = "denoise",
    description = {
      "Cleans pictures of any size: PNG, JPEG, TIFF and BMP in their own format, GIF and WebP as PNG.",
      "Depth, transparency, EXIF, profiles and texts are kept. The model photo takes grain of any"
          + " strength off photographs; restore repaints scratches, dust, pen strokes and stains."
    },
    footer = {
      "",
      "Examples:",
      "  java -jar dae-engine.jar denoise photo.jpg",
      "  java -jar dae-engine.jar denoise holiday/ scans/ -o clean/",
      "  java -jar dae-engine.jar denoise old.jpg --model restore",
      "  java -jar dae-engine.jar denoise a.png -o b.png --model best.safetensors",
      "  java -jar dae-engine.jar denoise photo.jpg --preview 200,100,300,300 --compare",
      "  java -jar dae-engine.jar denoise - < a.png > b.png"
    })
final class DenoiseCommand implements Callable<Integer> {
  private static final int REFUSED = 2;
  private static final int PARTS = 4;

  @Parameters(
      paramLabel = "IN",
      arity = "1..*",
      description =
          "Noisy pictures, folders of them with all their subfolders, - for standard input.")
  private List<String> inputs;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description =
          "File or folder for the clean ones, - for standard output (default: <name>-denoised beside"
              + " each picture or folder; standard output for standard input).")
  private String output;

  @Option(
      names = "--overwrite",
      description =
          "Write over files that are there; else a picture is refused, and skipped in a folder.")
  private boolean overwrite;

  @Option(
      names = "--strength",
      paramLabel = "S",
      description =
          "How much of the change is taken over, 0 to 1.5 (default: 1, and 0 for pictures without"
              + " noise).")
  private Double strength;

  @Option(
      names = "--luma",
      paramLabel = "S",
      description = "The same for the change of brightness alone (default: 1).")
  private Double luma;

  @Option(
      names = "--chroma",
      paramLabel = "S",
      description = "The same for the change of colours alone (default: 1).")
  private Double chroma;

  @Option(
      names = "--preview",
      paramLabel = "X,Y,W,H",
      split = ",",
      hideParamSyntax = true,
      arity = "1",
      description =
          "Clean a part only, W × H pixels at column X and row Y, into <name>-preview (default: all).")
  private List<Integer> preview;

  @Option(
      names = "--compare",
      description =
          "Write both beside each other, as it was at the left and clean at the right, into"
              + " <name>-compare instead of <name>-denoised.")
  private boolean compare;

  @Option(
      names = "--mask",
      description =
          "Write where damage was found, white on black, into <name>-mask instead of"
              + " <name>-denoised; for --model restore.")
  private boolean mask;

  @Option(
      names = "--quality",
      paramLabel = "N",
      description = "Of JPEGs, 1 to 100 (default: the tables of the picture's own file).")
  private Integer quality;

  @Option(
      names = "--ensemble",
      description =
          "Clean each picture in all eight orientations, turned and mirrored, and take the mean;"
              + " takes eight times as long.")
  private boolean ensemble;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but what went wrong.")
  private boolean quiet;

  @Mixin private ModelOption model;

  @Mixin private BackendOptions machine;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Cleaning cleaning = cleaning();
    CleaningInputs found = new CleaningInputs(output, added(), overwrite);
    found.add(inputs);
    requireOneForStandardOutput(found);
    CleaningReport report =
        new CleaningReport(
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            quiet,
            found.jobs(),
            found.refused());
    if (found.jobs().isEmpty()) {
      report.end(null, found.skipped(), false);
      return report.hasRefused() ? REFUSED : 0;
    }
    found.jobs().stream().flatMap(CleaningJob::folder).distinct().forEach(AtomicFile::sweepOld);
    if (quality != null && !quiet && found.jobs().stream().noneMatch(CleaningJob::mayBeJpeg)) {
      spec.commandLine().getErr().println("--quality is left aside, as no JPEG is written");
    }
    try (CleaningBatch batch = new CleaningBatch(cleaning, found.jobs(), report);
        Interrupt interrupt =
            Interrupt.listen("stopping after this picture; Ctrl-C again stops at once")) {
      Checkpoint checkpoint = model.load();
      try {
        machine.work(
            machine.name(BackendOptions.AUTO),
            backend -> {
              try (Denoiser denoiser = Denoiser.open(checkpoint, backend)) {
                batch.run(denoiser, interrupt::requested);
                return null;
              }
            });
      } catch (DeviceError e) {
        report.end(checkpoint.source(), found.skipped(), true);
        throw e;
      }
      report.end(checkpoint.source(), found.skipped(), interrupt.requested());
      return interrupt.requested() ? interrupt.exitCode() : report.hasRefused() ? REFUSED : 0;
    }
  }

  private String added() {
    return mask ? "-mask" : compare ? "-compare" : preview != null ? "-preview" : "-denoised";
  }

  private Cleaning cleaning() {
    if (quality != null && (quality < 1 || quality > Options.MOST_QUALITY)) {
      throw new UserError(
          "quality: expected 1 to 100, got %d — change --quality".formatted(quality));
    }
    if (mask && compare) {
      throw new UserError("denoise: expected --mask or --compare, got both — leave one out");
    }
    Cleaning.Shows shows =
        mask ? Cleaning.Shows.MASK : compare ? Cleaning.Shows.BOTH : Cleaning.Shows.CLEAN;
    return new Cleaning(new Options(change(), ensemble, quality, overwrite, null), part(), shows);
  }

  private Strength change() {
    if (strength == null && luma == null && chroma == null) {
      return null;
    }
    return new Strength(
        scale("--strength", strength), scale("--luma", luma), scale("--chroma", chroma));
  }

  private static double scale(String option, Double value) {
    if (value != null && !(value >= 0 && value <= Strength.MOST)) {
      throw new UserError(
          "strength: expected 0 to %s, got %s — change %s".formatted(Strength.MOST, value, option));
    }
    return value == null ? 1 : value;
  }

  private int[] part() {
    if (preview == null) {
      return null;
    }
    int[] part = preview.stream().mapToInt(Integer::intValue).toArray();
    if (part.length != PARTS || part[0] < 0 || part[1] < 0 || part[2] < 1 || part[3] < 1) {
      throw new UserError(
          "preview: expected column, row, width and height, got %s — change --preview"
              .formatted(preview));
    }
    return part;
  }

  private void requireOneForStandardOutput(CleaningInputs found) {
    long onStandard = found.jobs().stream().filter(job -> job.target() == null).count();
    if (onStandard > 1) {
      throw new UserError(
          "denoise: expected one picture for standard output, got %d — name a folder with -o"
              .formatted(onStandard));
    }
  }
}
