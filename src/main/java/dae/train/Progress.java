package dae.train;

import dae.file.Stateful;
import dae.file.Tensors;

/// How far a run is: the finished epochs, and what the epoch under way has added up.
final class Progress implements Stateful {
  private final int batches;
  private History history = new History();
  private int batch;
  private double lossSum;
  private double trainingSeconds;
  private double seconds;

  /// @param batches of an epoch
  Progress(int batches) {
    this.batches = batches;
  }

  /// The finished epochs.
  History history() {
    return history;
  }

  /// Batches of the epoch under way that are done.
  int batch() {
    return batch;
  }

  /// Over the images of these batches.
  double lossSum() {
    return lossSum;
  }

  /// Adds a batch.
  void add(float loss, int images) {
    lossSum += (double) loss * images;
    batch++;
  }

  /// Adds time that was spent on batches.
  void trained(double more) {
    trainingSeconds += more;
  }

  /// Adds time that was spent on the epoch, its validation included.
  void spent(double more) {
    seconds += more;
  }

  /// Ends the epoch and begins the next.
  ///
  /// @param images of the epoch
  History.Row finish(int images, double valMse) {
    History.Row row =
        new History.Row(
            history.rows().size() + 1, lossSum / images, valMse, images / trainingSeconds, seconds);
    history.add(row);
    batch = 0;
    lossSum = 0;
    trainingSeconds = 0;
    seconds = 0;
    return row;
  }

  @Override
  public void save(Tensors to) {
    to.put("history", history.csv());
    to.put("batch", batch);
    to.put("loss_sum", lossSum);
    to.put("training_seconds", trainingSeconds);
    to.put("seconds", seconds);
  }

  @Override
  public void restore(Tensors from) {
    history = History.parse(from.source() + ", history", from.text("history"));
    batch = (int) from.whole("batch", batches);
    lossSum = from.number("loss_sum");
    trainingSeconds = from.number("training_seconds");
    seconds = from.number("seconds");
  }
}
