package dae.bench;

import dae.data.Images;
import dae.graph.Parameters;
import dae.kernel.simd.SimdBackend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Network;
import dae.model.Networks;
import dae.noise.Noise;
import dae.noise.Noises;
import dae.train.Evaluation;
import dae.train.Listener;
import dae.train.Recipes;
import dae.train.Settings;
import dae.train.Trainer;
import dae.train.TrainerDraft;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What is left of [ModelBench]'s rates where batches are gathered and results are measured: the
/// trainer's loop against bare steps, and a validation against bare inference, in turn in one JVM.
/// The ratio is the rate with data over the bare rate.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 10)
@Measurement(iterations = 7, time = 5)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-XX:Tier3DelayOn=1000",
      "-XX:ObjectAlignmentInBytes=64",
      "-Xmn16m"
    })
public class EpochBench {
  private static final int BATCH = 128;
  private static final int TRAINING_BATCHES = 10;
  private static final int VALIDATION_BATCHES = 40;

  @Param({"1", "2"})
  public int threads;

  private final ModelBench bare = new ModelBench();
  private final ModelBench.Images uncounted = new ModelBench.Images();
  private SimdBackend backend;
  private Trainer trainer;
  private Evaluation evaluation;

  @Setup(Level.Trial)
  public void prepare() {
    bare.threads = threads;
    bare.batch = BATCH;
    bare.prepare();
    backend = new SimdBackend(threads);
    Settings settings = Recipes.ARTICLE.settings("random", "", "simd");
    // One test image, so that an epoch is its training.
    trainer = new Trainer(settings, images(TRAINING_BATCHES), images(1).first(1), backend);
    Network network = Networks.named(Networks.DEFAULT);
    Noise noise = Noises.named(Noises.DEFAULT);
    Denoising model = Denoising.training(network, noise, Loss.MEAN_SQUARED_ERROR, 32, 32);
    evaluation =
        new Evaluation.Draft(
                network, noise, images(VALIDATION_BATCHES), TrainerDraft.VALIDATION_BATCH, backend)
            .open(new Parameters(model.graph().params(), backend, 1));
  }

  private static Images images(int batches) {
    byte[] pixels = new byte[batches * BATCH * 32 * 32 * 3];
    new Random(1).nextBytes(pixels);
    return new Images(32, 32, pixels);
  }

  @Benchmark
  public void training(Ratio ratio) {
    long start = System.nanoTime();
    for (int i = 0; i < TRAINING_BATCHES; i++) {
      bare.trainingStep(uncounted, new Rates());
    }
    long between = System.nanoTime();
    trainer.epoch(new Listener() {}, () -> false);
    ratio.count(between - start, System.nanoTime() - between);
  }

  @Benchmark
  public void validation(Ratio ratio) {
    long start = System.nanoTime();
    for (int i = 0; i < VALIDATION_BATCHES; i++) {
      bare.inference(uncounted, new Rates());
    }
    long between = System.nanoTime();
    evaluation.measure(done -> {}, () -> false);
    ratio.count(between - start, System.nanoTime() - between);
  }

  @TearDown(Level.Trial)
  public void close() {
    bare.close();
    evaluation.close();
    trainer.close();
    backend.close();
  }
}
