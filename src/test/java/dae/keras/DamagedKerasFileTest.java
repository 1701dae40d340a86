package dae.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dae.UserError;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a file holds: it is read, or refused in one line, soon and with little memory.
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamagedKerasFileTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// For a file of some kilobytes.
  private static final long MOST_BYTES = 64 << 20;

  private static final int[] CHANGES = {0xff, 0x01, 0x80};

  @TempDir private Path folder;

  private static Hdf5Writer.Group second() {
    Hdf5Writer.Group root = new Hdf5Writer.Group().texts("layer_names", "in", "conv2d");
    root.group("in").texts("weight_names");
    root.group("conv2d").texts("weight_names", "conv2d/kernel:0", "conv2d/bias:0");
    root.floats("conv2d/conv2d/kernel:0", new int[] {1, 1, 2, 1}, 1, 2);
    return root.floats("conv2d/conv2d/bias:0", new int[] {1}, 3);
  }

  private static Hdf5Writer.Group third() {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.floats("layers/conv2d/vars/0", new int[] {1, 1, 2, 1}, 1, 2);
    return root.doubles("layers/conv2d/vars/1", new int[] {1}, 3);
  }

  private static byte[] links() {
    Hdf5Writer.Group root = third();
    return root.softLink("other", "/layers").externalLink("another", "a", "/b").small();
  }

  @Test
  void theWholeFilesAreRead() throws Exception {
    for (Hdf5Writer.Group group : new Hdf5Writer.Group[] {second(), third()}) {
      KerasFile file = KerasFile.read(Files.write(folder.resolve("a.h5"), group.small()));
      assertEquals(1, file.layers().size());
      assertEquals(KerasLayer.Kind.CONVOLUTION, file.layers().getFirst().kind());
      assertEquals(3, file.layers().getFirst().weights().get("bias").data()[0]);
    }
  }

  @Test
  void anyByteMayBeWrong() throws Exception {
    for (byte[] whole : new byte[][] {second().small(), third().small(), links()}) {
      for (int i = 0; i < whole.length; i++) {
        int change = CHANGES[i % CHANGES.length];
        byte[] damaged = whole.clone();
        damaged[i] ^= (byte) change;
        requireGood(damaged, "byte " + i + " ^ " + change);
      }
    }
  }

  @Test
  void theFileMayEndAnywhere() throws Exception {
    for (byte[] whole : new byte[][] {second().small(), KerasFiles.zipped(third().small())}) {
      for (int length = 8; length < whole.length; length += 3) {
        requireGood(Arrays.copyOf(whole, length), "the first " + length);
      }
    }
  }

  @Test
  void anyByteOfAnArchiveMayBeWrong() throws Exception {
    byte[] whole = KerasFiles.zipped(second().small());
    for (int i = 4; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) 0xff;
      requireGood(damaged, "byte " + i);
    }
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    refused(
        third().softLink("layers/conv2d_1/vars/0", "/layers/conv2d/vars/0").bytes(),
        "expected all weights in the file itself, got layers/conv2d_1/vars/0, a link to /layers");
    refused(
        third().externalLink("layers/conv2d_1/vars/0", "/etc/hostname", "/x").bytes(),
        "layers/conv2d_1/vars/0, a link to /etc/hostname");
  }

  @Test
  void valuesAreFinite() throws Exception {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      refused(
          third().floats("layers/conv2d_1/vars/0", new int[] {2}, 0, bad).bytes(),
          "layers/conv2d_1/vars/0: expected finite numbers, got " + bad + " at index 1");
    }
    refused(
        third().doubles("layers/conv2d_1/vars/0", new int[] {1}, 1e300).bytes(),
        "expected finite numbers, got Infinity");
  }

  @Test
  void sizesMayLie() throws Exception {
    int[][] shapes = {{1 << 30}, {1 << 16, 1 << 16, 1 << 16, 1 << 16}, {1 << 20, 1 << 10}};
    for (int[] shape : shapes) {
      refused(third().floats("layers/conv2d_1/vars/0", shape, 1).bytes(), "layers/conv2d_1/vars/0");
    }
  }

  @Test
  void valuesThatWereNeverWrittenAreNone() throws Exception {
    refused(
        third().floats("layers/conv2d_1/vars/0", new int[] {2}).bytes(),
        "layers/conv2d_1/vars/0: expected values, got none of [2]");
  }

  @Test
  void theSameBytesAreNotTakenAgainAndAgain() throws Exception {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    root.floats("layers/conv2d/vars/0", new int[] {1, 1, 500, 500}, new float[250_000]);
    for (int i = 1; i < 100; i++) {
      root.group("layers/conv2d/vars").hardLink("" + i, "0");
    }
    refused(root.bytes(), "expected no more values than the file has bytes for");
  }

  /// Eight groups of eight names each are 8⁸ paths.
  @Test
  void aGroupHasOneName() throws Exception {
    Hdf5Writer.Group root = third();
    String path = "layers";
    for (int deep = 0; deep < 8; deep++, path += "/a0") {
      root.group(path + "/a0");
      for (int i = 1; i < 8; i++) {
        root.group(path).hardLink("a" + i, "a0");
      }
    }
    refused(root.bytes(), "layers/a1: expected a group of its own, got another name of layers/a0");
  }

  @Test
  void theSameNamesAreNotTakenAgainAndAgain() throws Exception {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    String[] layers = new String[20];
    Arrays.fill(layers, "a");
    String[] weights = new String[100];
    Arrays.fill(weights, "n".repeat(500));
    root.texts("layer_names", layers).group("a").texts("weight_names", weights);
    root.floats("a/" + weights[0], new int[] {1}, 1);
    refused(root.bytes(), "weight_names: expected no more values than the file has bytes for");
  }

  @Test
  void layersLieInEachOtherUpToALimit() throws Exception {
    for (int deep : new int[] {15, 16}) {
      Hdf5Writer.Group root = new Hdf5Writer.Group();
      byte[] bytes =
          root.floats("layers/" + "a/".repeat(deep + 1) + "vars/0", new int[] {1}, 1).bytes();
      if (deep < 16) {
        Path file = Files.write(folder.resolve("deep.h5"), bytes);
        assertEquals(1, KerasFile.read(file).layers().size());
      } else {
        refused(bytes, "expected layers up to 16 deep, got more");
      }
    }
  }

  /// A file has them as `conv2d_10` before `conv2d_2`.
  @Test
  void layersAndWeightsComeByTheirNumbers() throws Exception {
    Hdf5Writer.Group root = new Hdf5Writer.Group();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      names.add(i == 0 ? "conv2d" : "conv2d_" + i);
      root.floats("layers/" + names.getLast() + "/vars/0", new int[] {1, 1, 1, 1}, i);
    }
    for (int i = 0; i < 11; i++) {
      root.floats("layers/dense/vars/" + i, new int[] {1}, i);
    }
    // A norm has four weights too, but each of one axis.
    names.add("dense");
    names.add("other");
    for (int i = 0; i < 4; i++) {
      root.floats("layers/other/vars/" + i, i == 3 ? new int[] {1, 1} : new int[] {1}, i);
    }
    List<KerasLayer> layers =
        KerasFile.read(Files.write(folder.resolve("many.h5"), root.bytes())).layers();
    assertEquals(names, layers.stream().map(KerasLayer::name).toList());
    for (int i = 0; i < 11; i++) {
      assertEquals(i, layers.get(12).weights().get("" + i).data()[0]);
    }
    assertEquals(KerasLayer.Kind.OTHER, layers.getLast().kind());
  }

  @Test
  void otherTypesAreNamed() throws Exception {
    refused(
        third().integers("layers/conv2d_1/vars/0", new int[] {1}, 5).bytes(),
        "expected floats of 16, 32 or 64 bits, got FixedPoint of 64 bits");
  }

  @Test
  void archivesDoNotExpandWithoutEnd() throws Exception {
    Path file = folder.resolve("bomb.keras");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      zip.write(new byte[32 << 20]);
    }
    refused(Files.readAllBytes(file), "expected model.weights.h5 of at most");
  }

  @Test
  void anotherArchiveIsNamed() throws Exception {
    Path file = folder.resolve("other.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
    }
    refused(Files.readAllBytes(file), "got another archive");
  }

  private void refused(byte[] bytes, String part) throws Exception {
    Path file = Files.write(folder.resolve("refused.h5"), bytes);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    String message = assertThrows(UserError.class, () -> KerasFile.read(file)).getMessage();
    long bytesTaken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(bytesTaken < MOST_BYTES, message + ": " + bytesTaken);
  }

  private void requireGood(byte[] bytes, String what) throws IOException {
    Path file = Files.write(folder.resolve("damaged.h5"), bytes);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      KerasFile.read(file);
    } catch (UserError e) {
      assertEquals(1, e.getMessage().lines().count(), what + ": " + e.getMessage());
    }
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < MOST_BYTES, () -> what + " took " + taken + " bytes");
  }
}
