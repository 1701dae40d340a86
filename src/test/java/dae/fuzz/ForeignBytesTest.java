package dae.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dae.UserError;
import dae.data.Datasets;
import dae.file.Safetensors;
import dae.image.PictureReader;
import dae.keras.KerasFile;
import dae.model.Checkpoint;
import dae.train.History;
import dae.train.SettingsFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/// Whatever bytes a file has, it is read or refused in one line. In the usual build each test
/// replays its seeds and what was found before, which lie among the resources beside this class.
/// `mvn -Pfuzz test -Dtest='ForeignBytesTest#png'` looks for more, `-Dfuzz.seconds=600` for so
/// long.
class ForeignBytesTest {
  private interface Reading {
    void read() throws IOException;
  }

  private static void readOrRefused(Reading reading) throws IOException {
    try {
      reading.read();
    } catch (UserError refused) {
      assertEquals(1, refused.getMessage().lines().count(), refused.getMessage());
    }
  }

  private static void asFile(String name, byte[] bytes, FileReading reading) throws IOException {
    Path folder = Files.createTempDirectory("fuzz");
    Path file = folder.resolve(name);
    try {
      Files.write(file, bytes);
      readOrRefused(() -> reading.read(file));
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private interface FileReading {
    void read(Path file) throws IOException;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @FuzzTest
  void png(byte[] bytes) throws IOException {
    readOrRefused(() -> PictureReader.read(bytes, "a.png"));
  }

  /// JPEG, TIFF, BMP, GIF, WebP.
  @FuzzTest
  void picture(byte[] bytes) throws IOException {
    readOrRefused(() -> PictureReader.read(bytes, "a picture"));
  }

  @FuzzTest
  void safetensors(byte[] bytes) throws IOException {
    readOrRefused(() -> Safetensors.read("a", bytes.length, new ByteArrayInputStream(bytes)));
  }

  @FuzzTest
  void model(byte[] bytes) throws IOException {
    readOrRefused(() -> Checkpoint.read("a model", bytes));
  }

  /// PyTorch's, and what else is taken for a model.
  @FuzzTest
  void stateDict(byte[] bytes) throws IOException {
    asFile("a.safetensors", bytes, Checkpoint::load);
  }

  /// Those of a run, and those in its state.
  @FuzzTest
  void settings(byte[] bytes) throws IOException {
    readOrRefused(() -> SettingsFile.parse("settings.json", text(bytes)));
  }

  @FuzzTest
  void history(byte[] bytes) throws IOException {
    readOrRefused(() -> History.parse("history.csv", text(bytes)));
  }

  @FuzzTest
  void keras(byte[] bytes) throws IOException {
    asFile("a.h5", bytes, KerasFile::read);
  }

  /// The archive unpacked, so that no checksum of gzip is in the way.
  @FuzzTest
  void cifarTar(byte[] tar) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(tar);
    }
    asFile(
        "cifar-100-binary.tar.gz",
        packed.toByteArray(),
        file -> Datasets.open("cifar100", file.getParent()).test());
  }

  /// As an extracted file.
  @FuzzTest
  void cifarRecords(byte[] records) throws IOException {
    asFile("test.bin", records, file -> Datasets.open("cifar100", file.getParent()).test());
  }
}
