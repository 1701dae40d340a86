package dae.report;

import dae.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/// The training loss within epochs: means over twentieths of one.
final class LossCurve {
  private static final int PARTS = 20;

  private final int batches;
  private final int batchSize;
  private final int images;
  private final List<Point> points = new ArrayList<>();
  private int epoch;
  private int from;
  private double sum;

  /// @param epoch where the part ends, counted from 0: 1.5 is the middle of the second
  /// @param loss mean over the part's images
  record Point(double epoch, double loss) {}

  /// @param before points of a run that goes on; what it will train again is left out
  LossCurve(Trainer trainer, List<Point> before) {
    batches = trainer.batches();
    batchSize = trainer.settings().steps().batchSize();
    images = trainer.training().count();
    epoch = trainer.epoch();
    from = trainer.batch();
    // What an epoch that was broken off has added up is not known.
    sum = from == 0 ? 0 : Double.NaN;
    double here = epoch + (double) from / batches;
    before.stream().filter(point -> point.epoch <= here).forEach(points::add);
  }

  /// Hears what a listener hears.
  ///
  /// @param mean loss over the epoch's images so far
  void add(int newEpoch, int done, double mean) {
    if (newEpoch != epoch || done < from) {
      epoch = newEpoch;
      from = 0;
      sum = 0;
    }
    if (done == batches || (done - from) * PARTS >= batches) {
      double now = mean * images(done);
      double part = (now - sum) / (images(done) - images(from));
      if (!Double.isNaN(part)) {
        points.add(new Point(epoch + (double) done / batches, part));
      }
      from = done;
      sum = now;
    }
  }

  private long images(int batchesDone) {
    return Math.min((long) batchesDone * batchSize, images);
  }

  List<Point> points() {
    return points;
  }
}
