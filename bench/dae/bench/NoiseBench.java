package dae.bench;

import dae.data.Images;
import dae.kernel.simd.SimdBackend;
import dae.model.Networks;
import dae.train.Listener;
import dae.train.Recipes;
import dae.train.Settings;
import dae.train.Trainer;
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

/// What a noise costs a training of `photo`'s network on crops of 64×64 pixels: the trainer's loop
/// without noise and with it, in turn in one JVM. The ratio is the rate with noise over the rate
/// without.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 3)
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
public class NoiseBench {
  private static final int SIDE = 64;
  private static final int BATCH = 16;
  private static final int BATCHES = 8;

  @Param("2")
  public int threads;

  @Param({
    "gaussian:0-0.3",
    "poisson:30",
    "salt-pepper:0.05",
    "soft:0.002-0.05",
    "camera:1e-6-3e-3",
    "jpeg:30-95",
    "stains",
    "marker",
    "scratches",
    "dust",
    "creases",
    "fade",
    "old-photo",
    "real"
  })
  public String noise;

  private SimdBackend backend;
  private Trainer without;
  private Trainer with;

  @Setup(Level.Trial)
  public void prepare() {
    backend = new SimdBackend(threads);
    without = trainer("none");
    with = trainer(noise);
  }

  private Trainer trainer(String word) {
    Settings article = Recipes.ARTICLE.settings("waves", "", "simd");
    Settings settings =
        article
            .withNetwork(Networks.named("edsr").word())
            .with(article.steps().withBatchSize(BATCH))
            .with(new Settings.Noise(word, false));
    Images images = waves(BATCHES * BATCH);
    return new Trainer(settings, images, images.first(1), backend);
  }

  /// Smooth, as most of a picture is: it is JPEG's time that depends on what there is to see.
  private static Images waves(int count) {
    byte[] pixels = new byte[count * SIDE * SIDE * 3];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / (3 * SIDE) % SIDE;
      int image = i / (3 * SIDE * SIDE);
      pixels[i] = (byte) (128 + 70 * Math.sin(x / 9.0 + image) + 50 * Math.sin(y / 5.0 + i % 3));
    }
    return new Images(SIDE, SIDE, pixels);
  }

  @Benchmark
  public void training(Ratio ratio) {
    long start = System.nanoTime();
    without.epoch(new Listener() {}, () -> false);
    long between = System.nanoTime();
    with.epoch(new Listener() {}, () -> false);
    ratio.count(between - start, System.nanoTime() - between);
  }

  @TearDown(Level.Trial)
  public void close() {
    with.close();
    without.close();
    backend.close();
  }
}
