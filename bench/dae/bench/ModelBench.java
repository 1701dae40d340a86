package dae.bench;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.kernel.Conv2dSpec;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import dae.model.Denoising;
import dae.model.Loss;
import dae.model.Networks;
import dae.noise.Noises;
import dae.optim.Adam;
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

/// The article's model: a whole training step (noise, forward, backward, Adam), and inference.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules",
      "jdk.incubator.vector",
      "-XX:+UseSerialGC",
      "-XX:Tier3DelayOn=1000",
      "-XX:ObjectAlignmentInBytes=64"
    })
public class ModelBench {
  @Param("128")
  public int batch;

  @Param({"1", "2"})
  public int threads;

  private SimdBackend backend;
  private Denoising model;
  private Plan training;
  private Plan inference;
  private Adam adam;
  private double peak;

  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Images {
    public double imagesPerS;
  }

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    model =
        Denoising.training(
            Networks.named(Networks.DEFAULT),
            Noises.named(Noises.DEFAULT),
            Loss.MEAN_SQUARED_ERROR,
            32,
            32);
    Parameters parameters = new Parameters(model.graph().params(), backend, 1);
    training = model.training(backend, batch).open(parameters);
    inference = model.inference(backend, batch).open(parameters);
    adam = new Adam(parameters, backend);
    byte[] pixels = new byte[batch * 32 * 32 * 3];
    new Random(1).nextBytes(pixels);
    model.feed(training, pixels, null, new int[batch], 1, 0);
    model.feed(inference, pixels, null, new int[batch], 1, 0);
    peak = Peak.fusedMultiplyAdds(threads);
  }

  private void count(boolean training, Images images, Rates rates) {
    images.imagesPerS += batch;
    rates.count(
        (double) batch * LayerShapes.flops(training, Conv2dSpec::multiplyAdds),
        (double) batch * LayerShapes.flops(training, Conv2dSpec::realMultiplyAdds),
        peak);
  }

  @Benchmark
  public void trainingStep(Images images, Rates rates) {
    training.forward(batch);
    training.backward();
    adam.step(1e-3, 0, training.tensor(model.loss()));
    count(true, images, rates);
  }

  @Benchmark
  public void inference(Images images, Rates rates) {
    inference.forward(batch);
    count(false, images, rates);
  }

  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }
}
