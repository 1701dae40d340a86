package dae.cli;

import static dae.cli.TrainCommand.or;

import dae.UserError;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.Holdout;
import dae.train.Settings;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a training learns from.
final class TrainingData {
  @Mixin private DataOptions data;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description =
          "cifar100, cifar10, leaves or a folder of pictures; several are mixed, and NAME=3 shows one"
              + " three times as often (default: cifar100 if it is there, else leaves).")
  private List<String> datasets;

  @Mixin private PairOptions pairs;

  @Option(
      names = "--patch",
      paramLabel = "N",
      description = "Height and width of what is cut out of pictures (default: 64).")
  private Integer patch;

  @Option(
      names = "--crops",
      paramLabel = "N",
      description =
          "Crops of each picture in an epoch, at other places each time (default: 0, as many as fit"
              + " beside each other).")
  private Integer crops;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the first N images of each split (default: all).")
  private Integer limit;

  @Option(
      names = "--holdout",
      paramLabel = "N",
      description =
          "Validate on the last N training images instead of the test images (default: 0). --limit"
              + " then cuts both.")
  private Integer holdout;

  /// Where archives are.
  DataOptions folders() {
    return data;
  }

  /// Whether pictures in pairs were named.
  boolean inPairs() {
    return pairs.given();
  }

  /// Whether anything was named.
  boolean named() {
    return datasets != null || pairs.given();
  }

  /// What was named; else CIFAR-100 if it is there, or generated images.
  ///
  /// @throws UserError if CIFAR-100 was said to be where it is not
  String name() {
    if (named()) {
      return asked();
    }
    if (data.has("cifar100")) {
      return "cifar100";
    }
    if (data.given()) {
      throw new UserError(
          ("train: expected CIFAR-100's archive or its extracted folder in %s, got neither — check"
                  + " --data; for pictures of your own use --dataset %s")
              .formatted(data.folder(), data.folder()));
    }
    return "leaves";
  }

  private String asked() {
    if (!pairs.given()) {
      for (String name : datasets) {
        if (datasets.size() > 1 && name.contains(File.pathSeparator)) {
          throw new UserError(
              "train: expected names without '%s' where there are several, got '%s' — call the folder otherwise"
                  .formatted(File.pathSeparator, name));
        }
      }
      return Datasets.join(datasets);
    }
    if (datasets != null) {
      throw new UserError(
          "train: expected --dataset or --noisy and --clean, got both — leave one of them out");
    }
    return pairs.clean();
  }

  /// What was asked for, else as before.
  ///
  /// @throws UserError if it makes no sense
  Settings.Data asked(Settings.Data base) {
    if (limit != null && limit < 1) {
      throw new UserError("train: expected at least 1, got " + limit + " — change --limit");
    }
    String dataset =
        pairs.given() ? pairs.clean() : named() ? Datasets.absolute(asked()) : base.dataset();
    String noisy = pairs.given() ? pairs.noisy() : base.noisy();
    if ((patch != null || crops != null) && noisy.isEmpty() && !Datasets.anyFolder(dataset)) {
      throw new UserError(
          "train: expected pictures for %s, got %s alone, which is not cut — leave it out"
              .formatted(patch != null ? "--patch" : "--crops", dataset));
    }
    return new Settings.Data(
        dataset,
        noisy,
        data.given() ? data.absolute() : base.folder(),
        or(limit, base.limit()),
        or(holdout, base.holdout()),
        or(patch, base.patch()),
        or(crops, base.crops()));
  }

  /// What was asked for, in the places of before.
  static Settings.Data moved(Settings.Data before, Settings.Data asked) {
    boolean pairs = !before.noisy().isEmpty() && !asked.noisy().isEmpty();
    return new Settings.Data(
        before.dataset(),
        pairs ? before.noisy() : asked.noisy(),
        before.folder(),
        asked.limit(),
        asked.holdout(),
        asked.patch(),
        asked.crops());
  }

  /// Opens it, reading nothing yet.
  static Dataset open(Settings.Data data, Consumer<String> warnings) {
    Dataset all =
        data.noisy().isEmpty()
            ? Datasets.open(data.dataset(), Path.of(data.folder()), data.cut(), warnings)
            : Datasets.pairs(data.noisy(), data.dataset(), data.cut(), warnings);
    return data.holdout() > 0 ? new Holdout(all, data.holdout()) : all;
  }
}
