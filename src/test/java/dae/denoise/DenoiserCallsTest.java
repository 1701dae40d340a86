package dae.denoise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.image.Picture;
import dae.kernel.Backend;
import dae.kernel.TestBackends;
import dae.model.Checkpoint;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What programs do with a denoiser: images, arrays, threads, progress, stopping.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DenoiserCallsTest {
  private static Denoiser denoiser;

  @BeforeAll
  static void open() {
    denoiser = Denoiser.open("cifar");
  }

  @AfterAll
  static void close() {
    denoiser.close();
  }

  /// In tiles as small as may be.
  private static Denoiser tiled(Backend backend) {
    return new Denoiser(Checkpoint.builtIn("article"), backend, 1);
  }

  private static Picture wide() {
    return NoisyPicture.of(40, 700);
  }

  @Test
  void opensBuiltInModelsByName() {
    for (String name : Checkpoint.BUILT_IN) {
      try (Denoiser each = Denoiser.open(name)) {
        assertEquals(20, each.clean(NoisyPicture.of(16, 20)).width());
      }
    }
    UserError error = assertThrows(UserError.class, () -> Denoiser.open("none"));
    assertTrue(error.getMessage().contains("photo, cifar, article, restore"), error.getMessage());
  }

  @Test
  void anArrayIsCleanedAsAPicture() {
    Picture noisy = NoisyPicture.of(24, 33);
    float[] before = noisy.rgb().clone();
    assertArrayEquals(denoiser.clean(noisy).rgb(), denoiser.clean(noisy.rgb(), 24, 33));
    assertArrayEquals(before, noisy.rgb(), "the input was changed");
    assertThrows(IllegalArgumentException.class, () -> denoiser.clean(noisy.rgb(), 24, 32));
    before[77] = Float.NaN;
    assertThrows(IllegalArgumentException.class, () -> denoiser.clean(before, 24, 33));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_USHORT_565_RGB,
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY
      })
  void anImageKeepsItsTypeAndOpacities(int type) {
    BufferedImage noisy = NoisyPicture.image(type, 21, 34);
    int[] before = samples(noisy);
    BufferedImage clean = denoiser.clean(noisy);
    assertEquals(type, clean.getType());
    assertArrayEquals(before, samples(noisy), "the input was changed");
    int bands = noisy.getRaster().getNumBands();
    int colors = Math.min(bands, bands < 3 ? 1 : 3);
    float[] rgb = new float[21 * 34 * 3];
    for (int i = 0; i < rgb.length; i++) {
      int band = i % 3 % colors;
      rgb[i] = before[i / 3 * bands + band] / most(noisy, band);
    }
    float[] expected = denoiser.clean(rgb, 21, 34);
    int[] got = samples(clean);
    for (int i = 0; i < got.length; i++) {
      int band = i % bands;
      int wanted =
          band >= colors
              ? before[i]
              : Math.round(expected[i / bands * 3 + band] * most(noisy, band));
      assertEquals(wanted, got[i], "sample " + i);
    }
  }

  private static float most(BufferedImage image, int band) {
    return (1 << image.getColorModel().getComponentSize(band)) - 1;
  }

  private static int[] samples(BufferedImage image) {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }

  /// They come as plain RGB, with the opacities they had.
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_INDEXED,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void otherImagesBecomePlainOnes(int type) {
    BufferedImage noisy = NoisyPicture.image(type, 20, 30);
    int[] before = samples(noisy);
    BufferedImage clean = denoiser.clean(noisy);
    assertArrayEquals(before, samples(noisy), "the input was changed");
    assertFalse(clean.isAlphaPremultiplied());
    BufferedImage plain = new BufferedImage(30, 20, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 30; x++) {
        plain.setRGB(x, y, noisy.getRGB(x, y));
      }
    }
    BufferedImage expected = denoiser.clean(plain);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 30; x++) {
        assertEquals(expected.getRGB(x, y) >>> 24, clean.getRGB(x, y) >>> 24);
      }
    }
  }

  /// One part of an image lies in the raster of the whole.
  @Test
  void aPartOfAnImageIsCleanedAlone() {
    BufferedImage whole = NoisyPicture.image(BufferedImage.TYPE_3BYTE_BGR, 40, 50);
    BufferedImage part = whole.getSubimage(7, 9, 30, 20);
    BufferedImage copy = new BufferedImage(30, 20, BufferedImage.TYPE_3BYTE_BGR);
    copy.getRaster().setPixels(0, 0, 30, 20, samples(part));
    assertArrayEquals(samples(denoiser.clean(copy)), samples(denoiser.clean(part)));
  }

  @Test
  void strengthScalesTheChange() {
    Picture noisy = NoisyPicture.of(20, 20);
    float[] full = denoiser.clean(noisy).rgb();
    float[] half = denoiser.clean(noisy, Options.USUAL.withStrength(0.5)).rgb();
    assertArrayEquals(noisy.rgb(), denoiser.clean(noisy, Options.USUAL.withStrength(0)).rgb());
    for (int i = 0; i < full.length; i++) {
      assertEquals((noisy.rgb()[i] + full[i]) / 2, half[i], 1e-6);
    }
    assertThrows(IllegalArgumentException.class, () -> Options.USUAL.withStrength(2));
    assertThrows(IllegalArgumentException.class, () -> Options.USUAL.withQuality(101));
  }

  /// Of sizes that share plans and ones that do not, in tiles.
  @Test
  void threadsShareADenoiser() throws Exception {
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser shared = tiled(backend);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Picture noisy = NoisyPicture.of(40 + 16 * (thread % 2), 300 + 50 * thread);
        float[] alone = shared.clean(noisy).rgb();
        futures.add(
            threads.submit(() -> {
              for (int call = 0; call < 5; call++) {
                assertArrayEquals(alone, shared.clean(noisy).rgb());
              }
            }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
  }

  @Test
  void progressCountsTheTiles() {
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser tiled = tiled(backend)) {
      List<String> heard = new ArrayList<>();
      Options options = Options.USUAL.withProgress((done, all) -> heard.add(done + "/" + all));
      tiled.clean(wide(), options);
      int all = heard.size();
      assertTrue(all >= 3, heard + "");
      for (int i = 0; i < all; i++) {
        assertEquals((i + 1) + "/" + all, heard.get(i));
      }
      heard.clear();
      tiled.clean(wide(), options.withEnsemble(true));
      assertEquals(8 * all + "/" + 8 * all, heard.getLast());
      assertEquals(8 * all, heard.size());
    }
  }

  @Test
  void anInterruptEndsACleaningAfterItsTile() {
    try (Backend backend = TestBackends.simd(2).open();
        Denoiser tiled = tiled(backend)) {
      float[] whole = tiled.clean(wide()).rgb();
      List<Integer> tiles = new ArrayList<>();
      Options options =
          Options.USUAL.withProgress((done, all) -> {
            tiles.add(done);
            Thread.currentThread().interrupt();
          });
      assertThrows(CancellationException.class, () -> tiled.clean(wide(), options));
      assertEquals(List.of(1), tiles);
      assertTrue(Thread.interrupted(), "the thread is no longer interrupted");
      assertArrayEquals(whole, tiled.clean(wide()).rgb());
      Options failing =
          Options.USUAL.withProgress((done, all) -> {
            throw new ArithmeticException("enough");
          });
      assertThrows(ArithmeticException.class, () -> tiled.clean(wide(), failing));
      assertArrayEquals(whole, tiled.clean(wide()).rgb());
    }
  }

  /// While another picture is computed.
  @Test
  void anInterruptEndsTheWaiting() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Options options =
          Options.USUAL.withProgress((done, all) -> {
            busy.countDown();
            await(go);
          });
      Future<?> first = threads.submit(() -> denoiser.clean(NoisyPicture.of(20, 20), options));
      busy.await();
      CountDownLatch called = new CountDownLatch(1);
      Thread second =
          Thread.ofPlatform()
              .start(() -> {
                called.countDown();
                assertThrows(
                    CancellationException.class, () -> denoiser.clean(NoisyPicture.of(20, 20)));
              });
      called.await();
      second.interrupt();
      assertTrue(second.join(Duration.ofSeconds(30)), "still waiting for the first");
      assertFalse(first.isDone());
      go.countDown();
      first.get();
    } finally {
      go.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCallFromItsOwnProgressIsRefused() {
    Options options =
        Options.USUAL.withProgress((done, all) -> denoiser.clean(NoisyPicture.of(20, 20)));
    assertThrows(
        IllegalStateException.class, () -> denoiser.clean(NoisyPicture.of(20, 20), options));
  }

  @Test
  void aClosedDenoiserRefuses() {
    Denoiser closed = Denoiser.open("cifar");
    closed.close();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.clean(NoisyPicture.of(20, 20)));
  }
}
