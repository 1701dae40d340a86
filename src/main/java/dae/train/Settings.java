package dae.train;

import dae.UserError;
import dae.model.Checkpoint;
import dae.model.DenoisingAutoencoder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What decides a run's result to the last bit, together with the images themselves.
///
/// @param dataset the name by which the images were opened
/// @param epochs how often every training image is seen
/// @param batchSize images per step
/// @param learningRate Adam's α
/// @param seed key of the initial weights, the order of the images and their noise
/// @param limit how many images of each split are used at most; 0 for all
/// @param holdout how many training images, the last ones, validate in place of the test images;
///   who opens the images wraps them in a [dae.data.Holdout]
/// @param width filters of the first layer
/// @param noise standard deviation of the noise, in units of the full range
/// @param noiseOnce whether an image gets the same noise in every epoch
/// @param recipe what goes beyond the article
/// @param float16 whether the saved models hold their kernels as 16-bit floats
/// @param backend kind of the machine: backends round differently
/// @param data folder of the archives; the one thing here that decides nothing, kept for resuming
public record Settings(
    String dataset,
    int epochs,
    int batchSize,
    double learningRate,
    long seed,
    int limit,
    int holdout,
    int width,
    double noise,
    boolean noiseOnce,
    Recipe recipe,
    boolean float16,
    String backend,
    String data) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /// @throws UserError naming the setting that is out of range
  public Settings {
    require(epochs >= 1, "epochs", "at least 1", epochs);
    require(batchSize >= 1, "batch size", "at least 1", batchSize);
    require(
        learningRate > 0 && learningRate <= 1,
        "learning rate",
        "more than 0, at most 1",
        learningRate);
    require(limit >= 0, "limit", "at least 1, or 0 for all images", limit);
    require(holdout >= 0, "holdout", "at least 1, or 0 for none", holdout);
    require(
        width >= 1 && width <= Checkpoint.MAX_WIDTH,
        "width",
        "1 to " + Checkpoint.MAX_WIDTH,
        width);
    require(noise >= 0 && noise <= 1, "noise", "0 to 1", noise);
  }

  private static void require(boolean fits, String name, String expected, Object got) {
    if (!fits) {
      throw new UserError(
          "%s: expected %s, got %s — change --%s"
              .formatted(name, expected, got, name.replace(' ', '-')));
    }
  }

  /// The article's: 40 epochs, batches of 128, learning rate 0.001, noise 0.1.
  public static Settings article(String dataset, String data, String backend) {
    return new Settings(
        dataset,
        40,
        128,
        0.001,
        1,
        0,
        0,
        DenoisingAutoencoder.WIDTH,
        0.1,
        false,
        Recipe.ARTICLE,
        false,
        backend,
        data);
  }

  /// The same with another number of epochs.
  public Settings withEpochs(int newEpochs) {
    return with(newEpochs, batchSize, backend);
  }

  /// The same with another batch size.
  public Settings withBatchSize(int newBatchSize) {
    return with(epochs, newBatchSize, backend);
  }

  /// The same on another kind of machine.
  public Settings on(String newBackend) {
    return with(epochs, batchSize, newBackend);
  }

  private Settings with(int newEpochs, int newBatchSize, String newBackend) {
    return new Settings(
        dataset,
        newEpochs,
        newBatchSize,
        learningRate,
        seed,
        limit,
        holdout,
        width,
        noise,
        noiseOnce,
        recipe,
        float16,
        newBackend,
        data);
  }

  /// The noise that an epoch draws: its own, or always that of the first.
  int noiseEpoch(int epoch) {
    return noiseOnce ? 0 : epoch;
  }

  /// Makes sure that a run that was started with `before` may go on for these epochs.
  ///
  /// @throws UserError if its recipe is planned for those it was started with
  public void requireEpochsOf(Settings before) {
    if (before.recipe.plannedForItsEpochs() && epochs != before.epochs) {
      throw new UserError(
          "train: expected the %d epochs that %s was planned for, got %d — start a new run"
              .formatted(before.epochs, before.recipe.describe(), epochs));
    }
  }

  /// On one line.
  public String json() {
    return JSON.writeValueAsString(this);
  }

  /// For people, one setting per line.
  public String prettyJson() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /// Reads [#json] back.
  ///
  /// @throws UserError naming the setting, if it is not whole
  static Settings parse(String source, String json) {
    try {
      return JSON.readValue(json, Settings.class);
    } catch (JacksonException e) {
      if (e.getCause() instanceof UserError outOfRange) {
        throw new UserError(source + ", " + outOfRange.getMessage(), e);
      }
      String where = e.getPath().isEmpty() ? "" : " at " + e.getPath().getLast().getPropertyName();
      throw new UserError(
          "%s: expected the settings of a run, got something else%s — start a new run"
              .formatted(source, where),
          e);
    }
  }

  /// As strings, for a model file's metadata; without the folders, which are nobody else's
  /// business: of a data set's path only the last name.
  public Map<String, String> metadata() {
    Map<String, String> strings = new LinkedHashMap<>();
    ObjectNode flat = JSON.valueToTree(this);
    flat.setAll((ObjectNode) flat.remove("recipe"));
    flat.properties()
        .forEach(setting -> strings.put(setting.getKey(), setting.getValue().asString()));
    strings.remove("data");
    strings.put("dataset", "" + Path.of(dataset).getFileName());
    return strings;
  }
}
