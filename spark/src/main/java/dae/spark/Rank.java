package dae.spark;

import dae.Heap;
import dae.UserError;
import dae.backend.Backends;
import dae.data.Dataset;
import dae.data.Datasets;
import dae.data.Holdout;
import dae.kernel.Backend;
import dae.model.Models;
import dae.report.Pictures;
import dae.report.RunReport;
import dae.train.GradientExchange;
import dae.train.History;
import dae.train.Listener;
import dae.train.Run;
import dae.train.RunFolder;
import dae.train.RunLock;
import dae.train.Settings;
import dae.train.SettingsFile;
import dae.train.Trainer;
import dae.train.TrainerDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;

/// One of the ranks that train a model together, in one attempt of the stage. All do the same steps
/// with their shares of the same batches, from the same weights; rank 0 keeps the run's folder.
///
/// When a rank is lost, its neighbours' ring ends, and the driver starts the stage anew: every rank
/// then goes on from the state that was saved last, or from the beginning where none was, and what
/// comes out has the bits of a run that nothing happened to.
final class Rank implements AutoCloseable {
  private static final Duration SAVE_EVERY = Duration.ofMinutes(5);

  private final RankTask task;
  private final BarrierTaskContext context;
  private final int rank;
  private final int ranks;
  private final Settings settings;
  private final RunFolder folder;
  private final Backend backend;
  private RunLock lock;
  private Trainer trainer;
  private RunReport page;
  private Ring ring;

  Rank(RankTask task, BarrierTaskContext context) {
    this.task = task;
    this.context = context;
    rank = context.partitionId();
    ranks = context.getTaskInfos().length;
    settings = SettingsFile.parse("the driver's settings", task.settings);
    folder = new RunFolder(Path.of(task.folder));
    backend = Backends.processor(context.cpus(), System.err::println);
  }

  History train() throws IOException {
    Agreement agreement = new Agreement(context);
    agreement.each(() -> {
      if (rank == 0) {
        takeFolder();
      }
      return "";
    });
    TrainerDraft[] draft = new TrainerDraft[1];
    // All ask for their memory before any takes it: some may share a JVM.
    agreement.each(() -> {
      draft[0] = draft();
      return "";
    });
    boolean goesOn = task.resume || task.attempt > 0 && folder.hasRun();
    RingExchange exchange = ranks == 1 ? null : new RingExchange(backend);
    try (Neighbours neighbours =
        new Neighbours(task.secret, task.attempt, rank, ranks, host(), task.timeout)) {
      Run[] run = new Run[1];
      String[] all =
          agreement.each(() -> {
            run[0] = open(draft[0], exchange, goesOn);
            return neighbours.address() + " " + fingerprint();
          });
      requireSameWeights(all);
      if (exchange != null) {
        String right = all[(rank + 1) % ranks];
        ring =
            neighbours.ring(
                right.substring(0, right.indexOf(' ')),
                Math.max(
                    RingExchange.length(trainer.parameters()),
                    RingExchange.length(trainer.validationImages())));
        exchange.join(ring);
      }
      return train(run[0]);
    }
  }

  /// Rank 0 alone writes, so it alone keeps others out. In a new attempt the rank before it may not
  /// have ended yet.
  private void takeFolder() {
    boolean again = task.attempt > 0;
    if (task.resume) {
      folder.requireRun();
    } else if (!again) {
      folder.requireNew();
    }
    folder.create();
    long end = System.nanoTime() + task.timeout.plus(DistributedRun.KILLED_BY).toNanos();
    while (lock == null) {
      try {
        lock = RunLock.take(folder);
      } catch (UserError e) {
        if (!again || System.nanoTime() > end) {
          throw e;
        }
        pause();
      }
    }
  }

  private void pause() {
    context.killTaskIfInterrupted();
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.killTaskIfInterrupted();
    }
  }

  private String host() {
    String address = context.getTaskInfos()[rank].address();
    return address.contains(":") ? address.substring(0, address.lastIndexOf(':')) : address;
  }

  /// @throws UserError if there are no such images, or the executor is too small
  private TrainerDraft draft() {
    Settings.Data data = settings.data();
    Dataset all =
        Datasets.open(data.dataset(), Path.of(data.folder()), data.cut(), System.err::println);
    Dataset used = data.holdout() > 0 ? new Holdout(all, data.holdout()) : all;
    TrainerDraft draft = new TrainerDraft(settings, used.training(), used.test(), backend, rank);
    BarrierTaskInfo[] ranksThere = context.getTaskInfos();
    long sharing =
        Arrays.stream(ranksThere)
            .filter(each -> each.address().equals(ranksThere[rank].address()))
            .count();
    long bytes = Math.multiplyExact(sharing, draft.bytes());
    if (!Heap.holds(bytes)) {
      throw new UserError(
          "train: expected %d MiB of free heap for %d of the workers, got an executor of %d MiB — take a smaller --batch-size, or give executors more (--executor-memory)"
              .formatted((bytes >> 20) + 1, sharing, Runtime.getRuntime().maxMemory() >> 20));
    }
    return draft;
  }

  /// @return the run, in rank 0; else null
  private Run open(TrainerDraft draft, RingExchange exchange, boolean goesOn) {
    trainer = draft.open(exchange == null ? GradientExchange.ALONE : exchange);
    if (!goesOn && !settings.init().isEmpty()) {
      trainer.startFrom(Models.ofUser().open(settings.init()));
    }
    if (rank > 0) {
      if (goesOn) {
        Run.follow(folder, trainer);
      }
      return null;
    }
    Map<String, String> machine =
        Map.of(
            "workers",
            "%d, of Spark, each %s".formatted(settings.steps().workers(), backend.name()));
    page = new RunReport(folder, trainer, machine, null, List.of(), System.err::println);
    List<Listener> listeners =
        List.of(lock, new Pictures(folder, trainer, System.err::println), page, new Each());
    return goesOn ? Run.resume(folder, trainer, listeners) : Run.start(folder, trainer, listeners);
  }

  private History train(Run run) {
    BooleanSupplier stop =
        () -> {
          context.killTaskIfInterrupted();
          return false;
        };
    if (run != null) {
      run.saveEvery(SAVE_EVERY);
      page.begin();
      run.train(stop);
    } else {
      Each listener = new Each();
      while (trainer.epoch() < settings.steps().epochs()) {
        History.Row row = trainer.epoch(listener, stop).orElseThrow();
        if (!Double.isFinite(row.valMse())) {
          // As rank 0 says of itself.
          throw new UserError("training: the validation is not finite");
        }
        listener.finished(row, false);
      }
    }
    return trainer.history();
  }

  /// After every epoch the ranks compare their weights.
  private final class Each implements Listener {
    private int counted;

    @Override
    public void trained(int epoch, int batches, double loss) {
      if (rank == 0) {
        task.images.add((long) settings.steps().batchSize() * (batches - counted));
        counted = batches;
      }
    }

    @Override
    public void finished(History.Row row, boolean best) {
      counted = 0;
      try {
        if (ring != null) {
          ring.requireSame(crc());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private int crc() {
    CRC32 crc = new CRC32();
    for (String name : trainer.parameters().all().keySet()) {
      float[] values = trainer.parameters().get(name);
      ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
      bytes.asFloatBuffer().put(values);
      crc.update(bytes);
    }
    return (int) crc.getValue();
  }

  private String fingerprint() {
    return "%d/%d/%08x".formatted(trainer.epoch(), trainer.batch(), crc());
  }

  private static void requireSameWeights(String[] all) {
    for (String each : all) {
      String theirs = each.substring(each.indexOf(' '));
      if (!theirs.equals(all[0].substring(all[0].indexOf(' ')))) {
        throw new IllegalStateException(
            "ranks: expected all at the same place with the same weights, got "
                + String.join(", ", all));
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (RunLock _ = lock;
        Backend _ = backend;
        Trainer _ = trainer;
        Ring _ = ring) {
      return;
    }
  }
}
