package dae.train;

import dae.UserError;
import dae.data.Images;
import dae.file.Safetensors;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// All that a run needs to go on as if it had never stopped, in one file that is replaced as a
/// whole: weights, moving statistics and their average, Adam's moments and step, the position in
/// the epoch with its sums, the best MSE, the history, and the settings.
///
/// The order of the images and their noise are functions of the settings and the epoch, so no
/// generator has a state to be kept.
final class RunState {
  private static final String FIRST_MOMENT = "adam/m/";
  private static final String SECOND_MOMENT = "adam/v/";
  private static final String AVERAGE = "average/";

  private final Path source;
  private final Map<String, String> metadata;
  private final Map<String, Safetensors.Entry> tensors;

  private RunState(Path source, Safetensors file) {
    this.source = source;
    this.metadata = file.metadata();
    this.tensors = file.tensors();
  }

  /// Writes the state of a run.
  ///
  /// @param settings the run's
  /// @param best the smallest validation MSE whose weights are saved
  static void save(Path target, Settings settings, Trainer trainer, double best)
      throws IOException {
    Trainer.Progress progress = trainer.progress();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("settings", settings.json());
    metadata.put("images", checksum(trainer.training()));
    metadata.put("history", progress.history().csv());
    metadata.put("batch", "" + progress.batch());
    metadata.put("loss_sum", "" + progress.lossSum());
    metadata.put("training_seconds", "" + progress.trainingSeconds());
    metadata.put("seconds", "" + progress.seconds());
    metadata.put("best", "" + best);
    metadata.put("steps", "" + trainer.adam().steps());
    Map<String, Safetensors.Entry> tensors = Checkpoint.tensors(trainer.parameters());
    addMoments(FIRST_MOMENT, trainer.adam().firstMoments(), trainer.parameters(), tensors);
    addMoments(SECOND_MOMENT, trainer.adam().secondMoments(), trainer.parameters(), tensors);
    if (trainer.average() != null) {
      Checkpoint.tensors(trainer.average())
          .forEach((name, numbers) -> tensors.put(AVERAGE + name, numbers));
    }
    new Safetensors(metadata, tensors).write(target);
  }

  /// By parameter, because what lies between them differs from backend to backend.
  private static void addMoments(
      String prefix, float[] moments, Parameters parameters, Map<String, Safetensors.Entry> to) {
    for (Param param : parameters.all().values()) {
      if (param.trainable()) {
        int from = parameters.value(param).offset();
        float[] part = Arrays.copyOfRange(moments, from, from + param.shape().size());
        to.put(prefix + param.name(), new Safetensors.Entry(param.shape().extents(), part));
      }
    }
  }

  /// @throws UserError in one line, if it is no whole state
  static RunState load(Path source) {
    try {
      return new RunState(source, Safetensors.read(source));
    } catch (IOException e) {
      throw new UserError(
          source + ": expected a readable state, got " + e.getMessage() + " — check the path", e);
    }
  }

  Settings settings() {
    return Settings.parse(source.toString(), text("settings"));
  }

  double best() {
    return number("best");
  }

  /// Gives a fresh trainer of the same settings the weights, the moments and the position.
  ///
  /// @throws UserError if a tensor is missing or the images are not those of the run
  void restore(Trainer trainer) {
    if (!text("images").equals(checksum(trainer.training()))) {
      throw new UserError(
          source
              + ": expected the training images of the run, got others — name their folder with"
              + " --data");
    }
    Parameters parameters = trainer.parameters();
    for (Param param : parameters.all().values()) {
      parameters.set(param.name(), numbers(param.name(), param));
      if (trainer.average() != null) {
        trainer.average().set(param.name(), numbers(AVERAGE + param.name(), param));
      }
    }
    trainer
        .adam()
        .restore(
            whole("steps", Long.MAX_VALUE),
            moments(FIRST_MOMENT, parameters),
            moments(SECOND_MOMENT, parameters));
    trainer.resume(
        new Trainer.Progress(
            History.parse(source + ", history", text("history")),
            (int) whole("batch", trainer.batches()),
            number("loss_sum"),
            number("training_seconds"),
            number("seconds")));
  }

  private float[] moments(String prefix, Parameters parameters) {
    float[] moments = new float[parameters.trainable().shape().size()];
    for (Param param : parameters.all().values()) {
      if (param.trainable()) {
        float[] part = numbers(prefix + param.name(), param);
        System.arraycopy(part, 0, moments, parameters.value(param).offset(), part.length);
      }
    }
    return moments;
  }

  private float[] numbers(String name, Param param) {
    Safetensors.Entry entry = tensors.get(name);
    int[] expected = param.shape().extents();
    if (entry == null || !Arrays.equals(entry.shape(), expected)) {
      throw new UserError(
          "%s: tensor %s: expected %s, got %s — it is no state of this run"
              .formatted(
                  source,
                  name,
                  Arrays.toString(expected),
                  entry == null ? "none" : Arrays.toString(entry.shape())));
    }
    return entry.data();
  }

  private double number(String key) {
    String text = text(key);
    try {
      double number = Double.parseDouble(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw damaged(key, "a number", text, e);
    }
    throw damaged(key, "a number of at least 0", text, null);
  }

  private long whole(String key, long most) {
    String text = text(key);
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw damaged(key, "a whole number", text, e);
    }
    throw damaged(key, "0 to " + most, text, null);
  }

  private UserError damaged(String key, String expected, String got, Throwable cause) {
    return new UserError(
        "%s, %s: expected %s, got %s — start a new run".formatted(source, key, expected, got),
        cause);
  }

  private String text(String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new UserError(
          source + ": expected a run's state, got a file without " + key + " — check the path");
    }
    return text;
  }

  private static String checksum(Images images) {
    CRC32 crc = new CRC32();
    crc.update(images.bytes(), 0, images.count() * images.bytesPerImage());
    return "%d of %dx%d, CRC %08x"
        .formatted(images.count(), images.width(), images.height(), crc.getValue());
  }
}
