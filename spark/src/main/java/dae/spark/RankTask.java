package dae.spark;

import dae.UserError;
import dae.train.Diverged;
import dae.train.Settings;
import dae.train.SettingsFile;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.util.LongAccumulator;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/// A task of the barrier stage, on its way from the driver to the executor where it becomes a
/// [Rank].
final class RankTask extends AbstractFunction1<Iterator<Integer>, Iterator<RankTask.Result>>
    implements Serializable {
  /// What a rank has to say at the end.
  ///
  /// @param refused one line for people; empty if all went well
  /// @param history of the run, as in its file
  record Result(String refused, String history) implements Serializable {}

  private static final long serialVersionUID = 1;

  final String settings;
  final String folder;
  final boolean resume;
  final int attempt;
  final byte[] secret;
  final Duration timeout;
  final LongAccumulator images;

  /// @param folder seen by all ranks under this name
  /// @param attempt how often ranks were lost before
  /// @param secret that the ranks know each other by
  /// @param images counts what is trained on, for Spark's page
  RankTask(
      Settings settings,
      String folder,
      boolean resume,
      int attempt,
      byte[] secret,
      Duration timeout,
      LongAccumulator images) {
    this.settings = SettingsFile.json(settings);
    this.folder = folder;
    this.resume = resume;
    this.attempt = attempt;
    this.secret = secret.clone();
    this.timeout = timeout;
    this.images = images;
  }

  @Override
  public Iterator<Result> apply(Iterator<Integer> nothing) {
    Result result;
    try (Rank rank = new Rank(this, BarrierTaskContext.get())) {
      result = new Result("", rank.train().csv());
    } catch (UserError | Diverged e) {
      result = new Result(e.getMessage(), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return CollectionConverters.asScala(List.of(result).iterator());
  }
}
