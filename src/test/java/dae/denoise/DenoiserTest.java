package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.graph.Parameters;
import dae.graph.Plan;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.kernel.OwnJvm;
import dae.kernel.TestBackends;
import dae.model.ArticleNetwork;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.model.RestoreNetwork;
import dae.model.SmallNetworks;
import dae.random.Draws;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DenoiserTest {
  @TempDir private Path folder;

  private Checkpoint model(int width) throws Exception {
    return model(new ArticleNetwork(width));
  }

  private Checkpoint model(Network network) throws Exception {
    Path file = folder.resolve("model.safetensors");
    try (Backend backend = TestBackends.simd(1).open();
        Parameters parameters =
            new Parameters(
                Denoising.inference(network, network.multiple(), network.multiple())
                    .graph()
                    .params(),
                backend,
                5)) {
      SmallNetworks.awake(parameters);
      Checkpoint.save(file, network, parameters, Map.of(), false);
    }
    return Checkpoint.load(file);
  }

  private static Picture random(int height, int width) {
    float[] rgb = new float[height * width * 3];
    Draws draws = new Draws(3, 0, height, width);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = draws.uniform();
    }
    return new Picture(height, width, rgb, null);
  }

  /// The picture in one plan, mirrored up to the next multiples by hand.
  private static float[] untiled(Picture picture, Checkpoint model, Backend backend) {
    int multiple = model.network().multiple();
    int h = Math.ceilDiv(picture.height(), multiple) * multiple;
    int w = Math.ceilDiv(picture.width(), multiple) * multiple;
    float[] padded = new float[h * w * 3];
    for (int i = 0; i < padded.length; i++) {
      int y = i / 3 / w < picture.height() ? i / 3 / w : 2 * picture.height() - 2 - i / 3 / w;
      int x = i / 3 % w < picture.width() ? i / 3 % w : 2 * picture.width() - 2 - i / 3 % w;
      padded[i] = picture.rgb()[(y * picture.width() + x) * 3 + i % 3];
    }
    Denoising whole = Denoising.inference(model.network(), h, w);
    try (Plan plan = whole.inference(backend, 1).open(model.parameters(backend))) {
      plan.upload(whole.noisy(), padded, 1);
      plan.forward(1);
      plan.download(whole.denoised(), padded, 0);
    }
    float[] cut = new float[picture.rgb().length];
    for (int y = 0; y < picture.height(); y++) {
      int row = 3 * picture.width();
      System.arraycopy(padded, y * w * 3, cut, y * row, row);
    }
    return cut;
  }

  /// The mask is what blends the change in: where it is 0 nothing changes, and it is that of the
  /// whole picture, tile by tile.
  @Test
  void theMaskSaysWhereTheModelRepaints() throws Exception {
    Picture noisy = random(70, 45);
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser denoiser = new Denoiser(model(new RestoreNetwork(4, 2, 4, 4, 4, 4)), backend, 1);
        Denoiser whole = new Denoiser(model(new RestoreNetwork(4, 2, 4, 4, 4, 4)), backend, 128)) {
      assertTrue(denoiser.hasMask());
      float[] mask = denoiser.mask(noisy).rgb();
      assertArrayEquals(whole.mask(noisy).rgb(), mask);
      float[] clean = denoiser.clean(noisy).rgb();
      int most = 0;
      for (int i = 0; i < mask.length; i++) {
        assertEquals(mask[i - i % 3], mask[i]);
        assertTrue(mask[i] >= 0 && mask[i] <= 1);
        most = mask[i] > mask[most] ? i : most;
        assertTrue(mask[i] > 0 || clean[i] == noisy.rgb()[i]);
      }
      assertTrue(mask[most] > 0.01f && mask[most] < 1);
    }
  }

  /// Sides that are odd and even multiples of 16, and others; one, two and more tiles.
  @ParameterizedTest
  @MethodSource("dae.kernel.TestBackends#all")
  void tilesHaveTheBitsOfTheWhole(TestBackends kind) throws Exception {
    // Wide enough for the kernels that compute several pixels together, where they are fast.
    Checkpoint model = model(kind.name().startsWith("simd") ? 16 : 1);
    try (Backend backend = kind.open()) {
      int least = Overlap.of(model.network(), backend.block()).least();
      int[][] sizes =
          kind.name().startsWith("simd")
              ? new int[][] {{200, 2 * least}, {2 * least - 19, 160}, {2 * least - 48, 65}}
              : new int[][] {{17, least + 112}, {least + 40, 9}};
      for (int[] size : sizes) {
        Picture picture = random(size[0], size[1]);
        float[] expected = untiled(picture, model, backend);
        for (int most : new int[] {least, least + 16}) {
          try (Denoiser denoiser = new Denoiser(model, backend, most)) {
            assertArrayEquals(
                expected,
                denoiser.clean(picture).rgb(),
                "%d x %d in tiles of %d".formatted(size[0], size[1], most));
          }
        }
      }
    }
  }

  /// Tiles as small as the network allows, and larger ones.
  @ParameterizedTest
  @MethodSource({"dae.model.SmallNetworks#all", "dae.model.SmallNetworks#inWinogradsWay"})
  void everyNetworksTilesHaveTheBitsOfTheWhole(Network network) throws Exception {
    Checkpoint model = model(network);
    try (Backend backend = TestBackends.simd(2).open()) {
      int least = Overlap.of(network, backend.block()).least();
      for (int[] size : new int[][] {{least + 45, 40}, {21, 2 * least + 3}}) {
        Picture picture = random(size[0], size[1]);
        float[] expected = untiled(picture, model, backend);
        for (int most : new int[] {least, least + network.multiple()}) {
          try (Denoiser denoiser = new Denoiser(model, backend, most)) {
            assertArrayEquals(
                expected,
                denoiser.clean(picture).rgb(),
                "%d x %d in tiles of %d".formatted(size[0], size[1], most));
          }
        }
      }
    }
  }

  @Test
  void aDenoiserServesManyPictures() throws Exception {
    Checkpoint model = model(2);
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser denoiser = Denoiser.open(model, backend)) {
      Picture first = random(40, 33);
      float[] clean = denoiser.clean(first).rgb();
      for (int side = 1; side < 150; side += 16) {
        denoiser.clean(random(side, 20));
      }
      assertArrayEquals(clean, denoiser.clean(first).rgb());
    }
  }

  @Test
  void opacitiesStay() throws Exception {
    Checkpoint model = model(2);
    Picture noisy = random(20, 30);
    byte[] alpha = new byte[600];
    Arrays.fill(alpha, (byte) 77);
    try (Backend backend = TestBackends.simd(1).open();
        Denoiser denoiser = Denoiser.open(model, backend)) {
      Picture clean = denoiser.clean(new Picture(20, 30, noisy.rgb(), alpha));
      assertEquals(30, clean.width());
      assertSame(alpha, clean.alpha());
    }
  }

  /// One row as far away as the network says it looks, and none farther.
  @Test
  void theNetworkLooksAsFarAsItSays() throws Exception {
    Checkpoint model = model(4);
    Picture picture = random(192, 16);
    try (Backend backend = TestBackends.simd(2).open()) {
      float[] whole = untiled(picture, model, backend);
      int farthest = 0;
      for (int changed : new int[] {80, 95, 96, 111}) {
        float[] rgb = picture.rgb().clone();
        Arrays.fill(rgb, changed * 48, changed * 48 + 48, 1f);
        float[] other = untiled(new Picture(192, 16, rgb, null), model, backend);
        int[] rows =
            IntStream.range(0, whole.length)
                .filter(i -> whole[i] != other[i])
                .map(i -> Math.abs(i / 48 - changed))
                .toArray();
        farthest = Math.max(farthest, Arrays.stream(rows).max().orElseThrow());
      }
      assertTrue(farthest <= model.network().reach(1), "" + farthest);
      assertEquals(model.network().reach(1), farthest);
    }
  }

  private static Picture turned(Picture picture) {
    int h = picture.height();
    int w = picture.width();
    float[] rgb = new float[picture.rgb().length];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        System.arraycopy(picture.rgb(), (y * w + x) * 3, rgb, ((w - 1 - x) * h + y) * 3, 3);
      }
    }
    return new Picture(w, h, rgb, null);
  }

  private static Picture mirrored(Picture picture) {
    int w = picture.width();
    float[] rgb = new float[picture.rgb().length];
    for (int i = 0; i < rgb.length / 3; i++) {
      System.arraycopy(picture.rgb(), i * 3, rgb, (i - i % w + w - 1 - i % w) * 3, 3);
    }
    return new Picture(picture.height(), w, rgb, null);
  }

  /// Of eight pictures that are turned, cleaned and turned back as wholes, in double.
  private static double[] meanByHand(Picture noisy, Denoiser denoiser) {
    double[] mean = new double[noisy.rgb().length];
    for (int way = 0; way < 8; way++) {
      Picture picture = way < 4 ? noisy : mirrored(noisy);
      for (int turn = 0; turn < way % 4; turn++) {
        picture = turned(picture);
      }
      picture = denoiser.clean(picture);
      for (int turn = way % 4; turn < 4; turn++) {
        picture = turned(picture);
      }
      picture = way < 4 ? picture : mirrored(picture);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += picture.rgb()[i] / 8.0;
      }
    }
    return mean;
  }

  private static double farthest(double[] expected, float[] got) {
    return IntStream.range(0, got.length)
        .mapToDouble(i -> Math.abs(expected[i] - got[i]))
        .max()
        .orElseThrow();
  }

  /// Odd sides, in one tile and in several.
  @Test
  void anEnsembleIsTheMeanOfEight() throws Exception {
    Checkpoint model = model(2);
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser denoiser = new Denoiser(model, backend, 160)) {
      for (int[] size : new int[][] {{37, 21}, {25, 275}, {32, 32}}) {
        Picture noisy = random(size[0], size[1]);
        double[] mean = meanByHand(noisy, denoiser);
        float[] ensemble = denoiser.cleanEnsemble(noisy).rgb();
        assertTrue(farthest(mean, ensemble) < 1e-6, "" + farthest(mean, ensemble));
        double one = farthest(mean, denoiser.clean(noisy).rgb());
        assertTrue(one > 1e-4, "orientations make no difference: " + one);
        assertArrayEquals(ensemble, denoiser.cleanEnsemble(noisy).rgb());
      }
    }
  }

  @Test
  void anEnsembleOfAMirroredPictureIsItsMirrorImage() throws Exception {
    Checkpoint model = model(2);
    Picture noisy = random(37, 21);
    try (Backend backend = TestBackends.simd(1).open();
        Denoiser denoiser = Denoiser.open(model, backend)) {
      Picture ensemble = denoiser.cleanEnsemble(noisy);
      assertArrayEquals(
          mirrored(ensemble).rgb(), denoiser.cleanEnsemble(mirrored(noisy)).rgb(), 1e-6f);
      assertArrayEquals(turned(ensemble).rgb(), denoiser.cleanEnsemble(turned(noisy)).rgb(), 1e-6f);
    }
  }

  /// In a heap that holds one of two plans, the second takes the place of the first.
  @Test
  void aPlanGivesWayToTheNext() throws Exception {
    OwnJvm.run(DenoiserTest.class, List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx150m"));
  }

  /// Also where both belong to one picture, and would be kept if there were memory.
  @Test
  void aPlanGivesWayToThatOfTheTurnedPicture() throws Exception {
    model(8);
    OwnJvm.run(
        DenoiserTest.class,
        List.of("-XX:+UseSerialGC", "-Xmn16m", "-Xmx180m"),
        folder.resolve("model.safetensors").toString());
  }

  /// Cleans two pictures of different sizes, or with a given model one in all orientations.
  public static void main(String[] model) throws Exception {
    boolean two = model.length == 0;
    Checkpoint checkpoint = two ? Checkpoint.builtIn() : Checkpoint.load(Path.of(model[0]));
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser denoiser = new Denoiser(checkpoint, backend, two ? 1024 : 2048)) {
      if (two) {
        denoiser.clean(random(1008, 1040));
        denoiser.clean(random(1040, 1008));
      } else {
        denoiser.cleanEnsemble(random(1400, 700));
      }
    }
  }
}
