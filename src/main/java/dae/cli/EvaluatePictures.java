package dae.cli;

import dae.UserError;
import dae.denoise.Denoiser;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.report.PictureCsv;
import dae.report.ScoreCsv;
import dae.train.PictureEvaluation;
import dae.train.PictureResult;
import dae.train.PictureResults;
import dae.train.Score;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Measures models on whole pictures, one model and kind of noise after the other.
final class EvaluatePictures {
  private final String title;
  private final Deque<Task> left;
  private final boolean ensemble;
  private final Path csv;
  private final PrintWriter err;
  private final PictureReport report;
  private final List<PictureResults> results = new ArrayList<>();
  private final Set<String> unread = new HashSet<>();

  /// @param model its name as the user said it
  /// @param evaluation what it is measured on
  record Task(String model, Checkpoint checkpoint, PictureEvaluation evaluation) {}

  /// @param title where the pictures are
  /// @param tasks in their order
  /// @param ensemble whether pictures are cleaned in all eight orientations
  /// @param csv where results are written, or null
  EvaluatePictures(
      String title,
      List<Task> tasks,
      boolean ensemble,
      Path csv,
      PrintWriter out,
      PrintWriter err) {
    this.title = title;
    this.left = new ArrayDeque<>(tasks);
    this.ensemble = ensemble;
    this.csv = csv;
    this.err = err;
    report = new PictureReport(out);
  }

  /// Does what is left to do.
  ///
  /// @throws UserError if no picture can be read, or results cannot be written
  void run(Backend backend) {
    while (!left.isEmpty()) {
      Task task = left.peek();
      try (Denoiser denoiser = Denoiser.open(task.checkpoint(), backend)) {
        results.add(measure(task, denoiser));
      }
      left.remove();
      write();
    }
    report.table(results);
  }

  private PictureResults measure(Task task, Denoiser denoiser) {
    UnaryOperator<Picture> model = ensemble ? denoiser::cleanEnsemble : denoiser::clean;
    PictureEvaluation evaluation = task.evaluation();
    String how = ensemble ? ", mean of eight orientations" : "";
    report.begin(title, task.model(), evaluation.set(), how);
    List<PictureResult> pictures =
        evaluation.measure(model, denoiser::rest, report::picture, this::warn);
    if (pictures.isEmpty()) {
      throw new UserError(
          "%s: expected pictures that can be read, got none of %d — name others"
              .formatted(title, evaluation.set().names().size()));
    }
    PictureResults all = new PictureResults(task.model(), evaluation.set().noise(), pictures);
    report.mean(all);
    return all;
  }

  /// Once for each picture, whatever is measured on it.
  private void warn(String name, String reason) {
    if (unread.add(name)) {
      err.println("warning: %s left out: %s".formatted(name, reason));
      err.flush();
    }
  }

  /// After each task, so that a long evaluation that is ended leaves what it found.
  private void write() {
    try {
      if (csv != null) {
        List<Score> means =
            results.stream().flatMap(r -> Stream.of(r.noisyScore(), r.denoisedScore())).toList();
        ScoreCsv.write(PictureCsv.of(results), means, csv);
      }
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " — change --csv", e);
    }
  }
}
