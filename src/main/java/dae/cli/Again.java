package dae.cli;

import dae.data.Cut;
import dae.data.Datasets;
import dae.train.Recipe;
import dae.train.RunFile;
import dae.train.RunFolder;
import dae.train.Settings;
import java.nio.file.Path;
import java.util.List;

/// The commands that make a run again and use its model.
final class Again {
  private Again() {}

  static List<String> commands(RunFolder folder, Settings settings) {
    String model = " --model " + Shell.quoted("" + folder.file(RunFile.BEST));
    String data =
        Path.of(settings.data().folder()).equals(Path.of("data").toAbsolutePath().normalize())
                || settings.data().folder().isEmpty()
            ? ""
            : " --data " + Shell.quoted(settings.data().folder());
    return List.of(
        Shell.self() + " train" + training(settings, data),
        Shell.self() + " evaluate" + model + images(settings.data(), data),
        Shell.self() + " denoise photo.jpg" + model);
  }

  /// The options of `evaluate` for what was trained on.
  ///
  /// @param folder the option that names where archives are, or nothing
  static String images(Settings.Data used, String folder) {
    if (!used.noisy().isEmpty()) {
      return pairs(used);
    }
    StringBuilder options = new StringBuilder();
    for (String name : Datasets.names(used.dataset())) {
      options.append(" --dataset ").append(Shell.quoted(name));
    }
    // Of pictures it means something else there.
    boolean limited = used.limit() > 0 && !Datasets.anyFolder(used.dataset());
    return options + folder + (limited ? " --limit " + used.limit() : "");
  }

  private static String pairs(Settings.Data used) {
    return " --noisy %s --clean %s"
        .formatted(Shell.quoted(used.noisy()), Shell.quoted(used.dataset()));
  }

  /// All options whose values are not those of the article's recipe, and what was learnt from, by
  /// whom and how often in any case.
  private static String training(Settings settings, String folder) {
    Settings.Data data = settings.data();
    StringBuilder options = new StringBuilder(" --recipe article");
    boolean paired = !data.noisy().isEmpty();
    options
        .append(paired ? pairs(data) : " --dataset " + Shell.quoted(data.dataset()))
        .append(folder);
    option(options, data.limit() > 0, "--limit", data.limit());
    option(options, data.holdout() > 0, "--holdout", data.holdout());
    if (paired || Datasets.anyFolder(data.dataset())) {
      option(options, true, "--patch", data.patch());
      option(options, data.crops() != Cut.DEFAULT.crops(), "--crops", data.crops());
    }
    option(options, true, "--arch", settings.network());
    option(options, !settings.init().isEmpty(), "--init", Shell.quoted(settings.init()));
    option(options, !paired, "--noise", Shell.quoted(settings.noise().word()));
    flag(options, settings.noise().once(), "--noise-once");
    option(options, true, "--epochs", settings.steps().epochs());
    option(options, true, "--batch-size", settings.steps().batchSize());
    option(options, true, "--learning-rate", settings.steps().learningRate());
    option(options, true, "--seed", settings.steps().seed());
    if (!settings.recipe().equals(Recipe.ARTICLE)) {
      options.append(' ').append(settings.recipe().describe());
    }
    flag(options, settings.float16(), "--float16");
    option(options, true, "--backend", settings.backend());
    return options.toString();
  }

  private static void option(StringBuilder options, boolean given, String name, Object value) {
    if (given) {
      options.append(' ').append(name).append(' ').append(value);
    }
  }

  private static void flag(StringBuilder options, boolean given, String name) {
    if (given) {
      options.append(' ').append(name);
    }
  }
}
