package dae.bench;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.simd.SimdBackend;
import dae.model.DenoisingAutoencoder;
import dae.op.Fusion;
import dae.optim.Adam;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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

/// The article's model, batch 128: a whole training step (noise, forward, backward, Adam), and
/// inference.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"})
public class ModelBench {
  private static final int BATCH = 128;

  @Param({"1", "2"})
  public int threads;

  private SimdBackend backend;
  private DenoisingAutoencoder model;
  private Plan training;
  private Plan inference;
  private Adam adam;
  private final byte[] pixels = new byte[BATCH * 32 * 32 * 3];
  private final int[] images = new int[BATCH];

  /// Images per second.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Throughput {
    public long images;
  }

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    model = DenoisingAutoencoder.onPixels(32, 32, DenoisingAutoencoder.WIDTH, 0.1f);
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    training =
        Plan.compile(
            model.graph(),
            List.of(model.loss()),
            parameters,
            backend,
            Plan.Mode.TRAINING,
            BATCH,
            Fusion.TRAINING);
    inference =
        Plan.compile(
            model.graph(),
            List.of(model.denoised()),
            parameters,
            backend,
            Plan.Mode.INFERENCE,
            BATCH,
            Fusion.INFERENCE);
    adam = new Adam(parameters, backend);
    new Random(1).nextBytes(pixels);
    training.feed(pixels, images, 1, 0);
    inference.feed(pixels, images, 1, 0);
  }

  @Benchmark
  public void trainingStep(Throughput throughput) {
    training.forward(BATCH);
    training.backward();
    adam.step(1e-3, training.tensor(model.loss()));
    throughput.images += BATCH;
  }

  @Benchmark
  public void inference(Throughput throughput) {
    inference.forward(BATCH);
    throughput.images += BATCH;
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
