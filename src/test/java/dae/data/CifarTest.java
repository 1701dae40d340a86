package dae.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
  private static final int PLANE = 1024;

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path folder;

  /// Records with random labels and pixels, as the official files have them.
  private static byte[] records(CifarFormat format, int count, int seed) {
    Random random = new Random(seed);
    byte[] bytes = new byte[count * format.recordBytes()];
    random.nextBytes(bytes);
    for (int r = 0; r < count; r++) {
      for (int l = 0; l < format.classes.size(); l++) {
        bytes[r * format.recordBytes() + l] = (byte) random.nextInt(format.classes.get(l));
      }
    }
    return bytes;
  }

  private static byte[] record(CifarFormat format, byte[] records, int r) {
    return Arrays.copyOfRange(records, r * format.recordBytes(), (r + 1) * format.recordBytes());
  }

  private static void assertPixels(CifarFormat format, byte[] record, Images images, int image) {
    int labels = format.classes.size();
    for (int p = 0; p < PLANE; p++) {
      for (int c = 0; c < 3; c++) {
        assertEquals(record[labels + c * PLANE + p], images.bytes()[(image * PLANE + p) * 3 + c]);
      }
    }
  }

  private interface Writing {
    void to(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] tar(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      writing.to(tar);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private Cifar cifar100(byte[] archive) throws IOException {
    Files.write(folder.resolve("cifar-100-binary.tar.gz"), archive);
    return new Cifar(CifarFormat.CIFAR100, folder, warnings::add);
  }

  private static String error(Executable reading) {
    String message = assertThrows(UserError.class, reading).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.contains("expected") && message.contains("got"), message);
    return message;
  }

  private static void assertError(String part, Executable reading) {
    String message = error(reading);
    assertTrue(message.contains(part), message);
  }

  private static byte[] whole() throws IOException {
    return tar(tar -> {
      add(tar, "cifar-100-binary/fine_label_names.txt", new byte[100]);
      add(tar, "cifar-100-binary/train.bin", records(CifarFormat.CIFAR100, 7, 1));
      add(tar, "cifar-100-binary/test.bin", records(CifarFormat.CIFAR100, 3, 2));
    });
  }

  @Test
  void readsBothSplitsFromTheArchive() throws IOException {
    Cifar cifar = cifar100(gzip(whole()));
    assertTrue(Cifar.present(CifarFormat.CIFAR100, folder));
    assertEquals(7, cifar.training().count());
    assertEquals(3, cifar.test().count());
    assertEquals(32, cifar.test().height());
    assertEquals(32, cifar.test().width());
    byte[] training = records(CifarFormat.CIFAR100, 7, 1);
    for (int i = 0; i < 7; i++) {
      byte[] record = record(CifarFormat.CIFAR100, training, i);
      assertPixels(CifarFormat.CIFAR100, record, cifar.training(), i);
    }
    assertSame(cifar.training(), cifar.training());
  }

  @Test
  void readsAnExtractedFolder() throws IOException {
    Path extracted = Files.createDirectory(folder.resolve("cifar-100-binary"));
    byte[] test = records(CifarFormat.CIFAR100, 3, 2);
    Files.write(extracted.resolve("test.bin"), test);
    for (Path data : new Path[] {folder, extracted}) {
      assertTrue(Cifar.present(CifarFormat.CIFAR100, data));
      Cifar cifar = new Cifar(CifarFormat.CIFAR100, data, warnings::add);
      assertEquals(3, cifar.test().count());
      assertPixels(CifarFormat.CIFAR100, record(CifarFormat.CIFAR100, test, 2), cifar.test(), 2);
      assertError("train.bin", cifar::training);
    }
  }

  @Test
  void aHalfExtractedFolderDoesNotHideTheArchive() throws IOException {
    byte[] test = records(CifarFormat.CIFAR100, 3, 2);
    Path extracted = Files.createDirectory(folder.resolve("cifar-100-binary"));
    Files.write(extracted.resolve("test.bin"), Arrays.copyOf(test, 5000));
    String alone = error(new Cifar(CifarFormat.CIFAR100, folder, warnings::add)::test);
    assertTrue(alone.contains("first remove " + extracted), alone);
    Cifar both = cifar100(gzip(tar(out -> add(out, "cifar-100-binary/test.bin", test))));
    assertEquals(3, both.test().count());
    assertPixels(CifarFormat.CIFAR100, record(CifarFormat.CIFAR100, test, 2), both.test(), 2);
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.getFirst().contains("cifar-100-binary.tar.gz instead"), warnings.getFirst());
  }

  @Test
  void putsTheFiveFilesOfCifar10InOrder() throws IOException {
    byte[] tar =
        tar(out -> {
          for (int file : new int[] {3, 1, 5, 2, 4}) {
            String name = "cifar-10-batches-bin/data_batch_" + file + ".bin";
            add(out, name, records(CifarFormat.CIFAR10, 2, file));
          }
        });
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), gzip(tar));
    Cifar cifar = new Cifar(CifarFormat.CIFAR10, folder, warnings::add);
    assertEquals(10, cifar.training().count());
    for (int i = 0; i < 10; i++) {
      byte[] file = records(CifarFormat.CIFAR10, 2, 1 + i / 2);
      byte[] record = record(CifarFormat.CIFAR10, file, i % 2);
      assertPixels(CifarFormat.CIFAR10, record, cifar.training(), i);
    }
    assertError("expected test_batch.bin", cifar::test);
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    byte[] tar =
        tar(out ->
            add(out, "cifar-10-batches-bin/test_batch.bin", records(CifarFormat.CIFAR10, 2, 1)));
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), gzip(tar));
    Cifar cifar = new Cifar(CifarFormat.CIFAR10, folder, warnings::add);
    assertEquals(2, cifar.test().count());
    assertError("data_batch_1.bin, data_batch_2.bin", cifar::training);
    assertError("only test_batch.bin", cifar::training);
  }

  @Test
  void saysWhereItLooked() {
    assertFalse(Cifar.present(CifarFormat.CIFAR100, folder));
    String message = error(new Cifar(CifarFormat.CIFAR100, folder, warnings::add)::training);
    assertTrue(message.contains(folder.toString()), message);
    assertTrue(message.contains("fetch cifar100"), message);
  }

  @Test
  void rejectsWrongRecords() throws IOException {
    byte[] good = records(CifarFormat.CIFAR100, 2, 1);
    byte[] odd = Arrays.copyOf(good, good.length - 1);
    byte[] label = good.clone();
    label[CifarFormat.CIFAR100.recordBytes() + 1] = 100;
    for (byte[] test : new byte[][] {odd, label, new byte[0]}) {
      byte[] tar = tar(out -> add(out, "cifar-100-binary/test.bin", test));
      Cifar archived = cifar100(gzip(tar));
      error(archived::test);
      Path extracted = Files.createDirectories(folder.resolve("x/cifar-100-binary"));
      Files.write(extracted.resolve("test.bin"), test);
      error(new Cifar(CifarFormat.CIFAR100, folder.resolve("x"), warnings::add)::test);
    }
    assertError(
        "label 100 in record 2", cifar100(gzip(tar(out -> add(out, "test.bin", label))))::test);
  }

  @Test
  void rejectsDifferentLengthsAndRepeatedFiles() throws IOException {
    Files.write(
        folder.resolve("cifar-10-binary.tar.gz"),
        gzip(
            tar(out -> {
              add(out, "a/data_batch_1.bin", records(CifarFormat.CIFAR10, 2, 1));
              add(out, "a/data_batch_2.bin", records(CifarFormat.CIFAR10, 3, 1));
            })));
    assertError("2 records", new Cifar(CifarFormat.CIFAR10, folder, warnings::add)::training);
    byte[] test = records(CifarFormat.CIFAR100, 2, 1);
    byte[] twice =
        tar(out -> {
          add(out, "a/test.bin", test);
          add(out, "b/test.bin", test);
        });
    assertError("twice", cifar100(gzip(twice))::test);
  }

  @Test
  void rejectsWhatIsNoArchive() throws IOException {
    assertError("GZIP", cifar100("<!DOCTYPE html>".repeat(50).getBytes())::test);
    error(cifar100(new byte[0])::test);
    error(cifar100(gzip(new byte[0]))::test);
    error(cifar100(gzip("plain text".repeat(1000).getBytes()))::test);
    Files.delete(folder.resolve("cifar-100-binary.tar.gz"));
    Files.createDirectory(folder.resolve("cifar-100-binary.tar.gz"));
    error(new Cifar(CifarFormat.CIFAR100, folder, warnings::add)::test);
  }

  @Test
  void rejectsTruncationAnywhere() throws IOException {
    byte[] archive = gzip(whole());
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int length = i < 20 ? archive.length - 1 - i : random.nextInt(archive.length);
      error(cifar100(Arrays.copyOf(archive, length))::test);
    }
  }

  @Test
  void rejectsFlippedBitsInTheCompressedStream() throws IOException {
    byte[] archive = gzip(whole());
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = archive.clone();
      damaged[10 + random.nextInt(damaged.length - 10)] ^= (byte) (1 << random.nextInt(8));
      error(cifar100(damaged)::test);
    }
  }

  @Test
  void answersDamagedHeadersWithOneLineOrGoodData() throws IOException {
    byte[] tar = whole();
    int secondHeader = 1024;
    byte[] good = cifar100(gzip(tar)).test().bytes();
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      byte[] damaged = tar.clone();
      damaged[(i & 1) * secondHeader + random.nextInt(512)] = (byte) random.nextInt(256);
      Cifar cifar = cifar100(gzip(damaged));
      try {
        assertArrayEquals(good, cifar.test().bytes());
      } catch (UserError e) {
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
  }

  @Test
  void rejectsDangerousEntries() throws IOException {
    byte[] test = records(CifarFormat.CIFAR100, 2, 1);
    String[] names = {
      "../test.bin", "a/../../test.bin", "/etc/test.bin", "a\\..\\test.bin", "C:/x"
    };
    for (String name : names) {
      assertError(name, cifar100(gzip(tar(out -> add(out, name, test))))::test);
    }
    for (byte type :
        new byte[] {
          TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR, TarConstants.LF_FIFO
        }) {
      byte[] tar =
          tar(out -> {
            TarArchiveEntry entry = new TarArchiveEntry("a/test.bin", type);
            entry.setLinkName("/etc/passwd");
            out.putArchiveEntry(entry);
            out.closeArchiveEntry();
          });
      assertError("plain files", cifar100(gzip(tar))::test);
    }
  }

  @Test
  void endsAnArchiveThatUnpacksWithoutEnd() throws IOException {
    Path archive = folder.resolve("cifar-100-binary.tar.gz");
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(archive))) {
      gzip.write(tar(out -> add(out, "a/test.bin", records(CifarFormat.CIFAR100, 2, 1))));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        gzip.write(zeros);
      }
    }
    assertError("256 MiB", new Cifar(CifarFormat.CIFAR100, folder, warnings::add)::test);
  }

  @Test
  void refusesAnEntryThatClaimsToBeHuge() throws IOException {
    byte[] tar = tar(out -> add(out, "a/test.bin", records(CifarFormat.CIFAR100, 2, 1)));
    TarArchiveEntry entry = new TarArchiveEntry("a/test.bin", true);
    entry.setSize(3074L * 2_000_000);
    entry.writeEntryHeader(tar);
    error(cifar100(gzip(tar))::test);
  }

  /// Each of the five could be held, all of them could not.
  @Test
  void refusesFilesThatTogetherClaimToBeHuge() throws IOException {
    String name = "a/data_batch_1.bin";
    byte[] tar = tar(out -> add(out, name, records(CifarFormat.CIFAR10, 2, 1)));
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(3073L * 20_000);
    entry.writeEntryHeader(tar);
    Files.write(folder.resolve("cifar-10-binary.tar.gz"), gzip(tar));
    assertError("whole records", new Cifar(CifarFormat.CIFAR10, folder, warnings::add)::training);
  }
}
