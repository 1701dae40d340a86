package dae.train;

import dae.UserError;
import dae.data.Cut;
import dae.data.Datasets;
import dae.model.Network;
import dae.model.Networks;
import dae.noise.Noises;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What decides a run's result to the last bit, together with the images themselves. [SettingsFile]
/// writes and reads it.
///
/// @param data where the images come from
/// @param network word of a [dae.model.Network]
/// @param init the model whose weights it starts from; empty for random ones
/// @param noise what is done to the images
/// @param steps how the weights move
/// @param recipe what goes beyond the article
/// @param float16 whether the saved models hold their kernels as 16-bit floats
/// @param backend kind of machine: backends round differently
public record Settings(
    Data data,
    String network,
    String init,
    Noise noise,
    Steps steps,
    Recipe recipe,
    boolean float16,
    String backend) {
  /// Steps after which averages that keep 99 % at each have caught up.
  private static final int SETTLING_STEPS = 400;

  /// Where the images come from.
  ///
  /// @param dataset the name by which they were opened, or several ([dae.data.Datasets])
  /// @param noisy where the noisy partners of its pictures are; empty for none
  /// @param folder of the archives; the one thing here that decides nothing, kept for resuming
  /// @param limit how many images of each split are used at most; 0 for all
  /// @param holdout how many training images, the last ones, validate instead of the test images;
  ///   who opens the images wraps them in a [dae.data.Holdout]
  /// @param patch height and width of the crops of pictures ([dae.data.Cut])
  /// @param crops of each picture in an epoch; 0 for as many as fit
  public record Data(
      String dataset, String noisy, String folder, int limit, int holdout, int patch, int crops) {
    /// @throws UserError naming the setting that is out of range
    public Data {
      require(limit >= 0, "limit", "at least 1, or 0 for all images", limit);
      require(holdout >= 0, "holdout", "at least 1, or 0 for none", holdout);
      new Cut(patch, crops);
    }

    /// All images of a set, and pictures in the usual crops.
    public Data(String dataset, String folder) {
      this(dataset, "", folder, 0, 0, Cut.DEFAULT.patch(), Cut.DEFAULT.crops());
    }

    /// How pictures are cut.
    public Cut cut() {
      return new Cut(patch, crops);
    }

    /// The same with another limit.
    public Data withLimit(int newLimit) {
      return new Data(dataset, noisy, folder, newLimit, holdout, patch, crops);
    }
  }

  /// What is done to the images.
  ///
  /// @param word of a [dae.noise.Noise]
  /// @param once whether an image gets the same noise in every epoch
  public record Noise(String word, boolean once) {
    /// @throws UserError if there is no such noise
    public Noise {
      word = Noises.named(word).word();
    }

    /// The number of the epoch whose noise an epoch draws: its own, or always the first.
    int epoch(int epoch) {
      return once ? 0 : epoch;
    }
  }

  /// How the weights move.
  ///
  /// @param epochs how often every training image is seen
  /// @param batchSize images per step
  /// @param learningRate Adam's α
  /// @param seed key of the initial weights, the order of the images and their noise
  /// @param workers machines that share each batch, which decides in which order gradients are
  ///   summed
  public record Steps(int epochs, int batchSize, double learningRate, long seed, int workers) {
    /// @throws UserError naming the setting that is out of range
    public Steps {
      require(epochs >= 1, "epochs", "at least 1", epochs);
      require(batchSize >= 1, "batch size", "at least 1", batchSize);
      require(workers >= 1, "workers", "at least 1", workers);
      require(
          workers <= batchSize,
          "workers",
          "no more than the %d images of a batch".formatted(batchSize),
          workers);
      require(
          learningRate > 0 && learningRate <= 1,
          "learning rate",
          "more than 0, at most 1",
          learningRate);
    }

    /// On one machine.
    public Steps(int epochs, int batchSize, double learningRate, long seed) {
      this(epochs, batchSize, learningRate, seed, 1);
    }

    /// The same with another number of epochs.
    public Steps withEpochs(int newEpochs) {
      return new Steps(newEpochs, batchSize, learningRate, seed, workers);
    }

    /// The same with another batch size.
    public Steps withBatchSize(int newBatchSize) {
      return new Steps(epochs, newBatchSize, learningRate, seed, workers);
    }

    /// The same with another seed.
    public Steps withSeed(long newSeed) {
      return new Steps(epochs, batchSize, learningRate, newSeed, workers);
    }

    /// The same on another number of machines.
    public Steps withWorkers(int newWorkers) {
      return new Steps(epochs, batchSize, learningRate, seed, newWorkers);
    }
  }

  /// @throws UserError naming the setting that is out of range
  public Settings {
    network = Networks.named(network).word();
  }

  private static void require(boolean fits, String name, String expected, Object got) {
    if (!fits) {
      throw new UserError(
          "%s: expected %s, got %s — change --%s"
              .formatted(name, expected, got, name.replace(' ', '-')));
    }
  }

  /// The same with other images.
  public Settings with(Data newData) {
    return new Settings(newData, network, init, noise, steps, recipe, float16, backend);
  }

  /// The same with another network.
  public Settings withNetwork(String word) {
    return new Settings(data, word, init, noise, steps, recipe, float16, backend);
  }

  /// The same, starting from another model's weights.
  public Settings withInit(String newInit) {
    return new Settings(data, network, newInit, noise, steps, recipe, float16, backend);
  }

  /// The same with other noise.
  public Settings with(Noise newNoise) {
    return new Settings(data, network, init, newNoise, steps, recipe, float16, backend);
  }

  /// The same with other steps.
  public Settings with(Steps newSteps) {
    return new Settings(data, network, init, noise, newSteps, recipe, float16, backend);
  }

  /// The same with another recipe.
  public Settings with(Recipe newRecipe) {
    return new Settings(data, network, init, noise, steps, newRecipe, float16, backend);
  }

  /// The same, but for how the saved models hold their kernels.
  public Settings withFloat16(boolean newFloat16) {
    return new Settings(data, network, init, noise, steps, recipe, newFloat16, backend);
  }

  /// The same on another kind of machine.
  public Settings on(String newBackend) {
    return new Settings(data, network, init, noise, steps, recipe, float16, newBackend);
  }

  /// Adam's α in the next step.
  ///
  /// @param taken steps so far
  /// @param all steps of the whole run
  public double learningRate(long taken, long all) {
    return steps.learningRate * recipe.factor(taken, all);
  }

  /// Whether moving averages, such as batch norm's, still lag behind the weights at the end of an
  /// epoch, so that its validation says little.
  ///
  /// @param epoch from 1
  /// @param batches of an epoch
  public boolean settling(int epoch, long batches) {
    boolean refreshed = recipe.bnRefresh() && epoch == steps.epochs();
    return !refreshed && epoch * batches < SETTLING_STEPS;
  }

  /// What is trained.
  public Network model() {
    return Networks.named(network);
  }

  /// Makes sure that a run that was started with `before` may go on for these epochs.
  ///
  /// @throws UserError if its recipe is planned for those it was started with
  public void requireEpochsOf(Settings before) {
    if (before.recipe.plannedForItsEpochs() && steps.epochs != before.steps.epochs) {
      throw new UserError(
          "train: expected the %d epochs that %s was planned for, got %d — start a new run"
              .formatted(before.steps.epochs, before.recipe.describe(), steps.epochs));
    }
  }

  /// As strings, for a model file's metadata; without the folders, which are nobody else's
  /// business: of a data set's path only the last name.
  public Map<String, String> metadata() {
    Map<String, String> strings = new LinkedHashMap<>();
    boolean pairs = !data.noisy.isEmpty();
    // The clean side of pairs may be a pattern, and has no weight.
    strings.put(
        "dataset",
        pairs ? "" + Path.of(data.dataset).getFileName() : Datasets.withoutFolders(data.dataset));
    strings.put("noisy", pairs ? "" + Path.of(data.noisy).getFileName() : "");
    strings.put("limit", "" + data.limit);
    strings.put("holdout", "" + data.holdout);
    strings.put("patch", "" + data.patch);
    strings.put("crops", "" + data.crops);
    strings.put("network", network);
    strings.put("init", init.isEmpty() ? init : "" + Path.of(init).getFileName());
    strings.put("noise", noise.word);
    strings.put("noise_once", "" + noise.once);
    strings.put("epochs", "" + steps.epochs);
    strings.put("batch_size", "" + steps.batchSize);
    strings.put("learning_rate", "" + steps.learningRate);
    strings.put("seed", "" + steps.seed);
    strings.put("workers", "" + steps.workers);
    strings.put("schedule", "" + recipe.schedule());
    strings.put("warmup", "" + recipe.warmup());
    strings.put("clip", "" + recipe.clip());
    strings.put("beta2", "" + recipe.beta2());
    strings.put("flip", "" + recipe.flip());
    strings.put("turn", "" + recipe.turn());
    strings.put("ema", "" + recipe.ema());
    strings.put("bn_refresh", "" + recipe.bnRefresh());
    strings.put("loss", recipe.loss());
    strings.put("float16", "" + float16);
    strings.put("backend", backend);
    return strings;
  }
}
