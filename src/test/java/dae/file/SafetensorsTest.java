package dae.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dae.UserError;
import dae.file.Safetensors.Dtype;
import dae.file.Safetensors.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir Path folder;

  @Test
  void readsAFileWrittenByAnotherProgram() throws IOException {
    Safetensors after = Safetensors.read(GOLDEN.resolve("after.safetensors"));
    assertTrue(after.metadata().get("what").startsWith("after 12 Adam steps"));
    assertEquals(58, after.tensors().size());
    Entry losses = after.tensors().get("losses");
    assertArrayEquals(new int[] {12}, losses.shape());
    assertEquals(0.11697607f, losses.data()[0]);
    assertEquals(0.080468245f, losses.data()[11]);
    Entry kernel = after.tensors().get("deconv_block2/conv2d_transpose/kernel");
    assertArrayEquals(new int[] {3, 3, 32, 96}, kernel.shape());
    assertEquals("losses", after.tensors().keySet().iterator().next());
  }

  @Test
  void readsEveryGoldenFile() throws IOException {
    for (String name : List.of("ops", "initial", "batches", "step1", "after")) {
      assertFalse(Safetensors.read(GOLDEN.resolve(name + ".safetensors")).tensors().isEmpty());
    }
  }

  @Test
  void writesExactlyTheFormat() throws IOException {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    tensors.put("b", new Entry(new int[] {2}, new float[] {1, -2}));
    tensors.put("a", new Entry(new int[] {}, new float[] {0.5f}));
    Path target = folder.resolve("small.safetensors");
    new Safetensors(Map.of("width", "8"), tensors).write(target);
    String header =
        "{\"__metadata__\":{\"width\":\"8\",\"dae.crc32c\":\"00000000\"},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    while (header.length() % 8 != 0) {
      header += " ";
    }
    ByteBuffer expected =
        ByteBuffer.allocate(8 + header.length() + 12).order(ByteOrder.LITTLE_ENDIAN);
    expected.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
    expected.putFloat(1).putFloat(-2).putFloat(0.5f);
    CRC32C crc = new CRC32C();
    crc.update(expected.array(), 8, expected.capacity() - 8);
    String digits = String.format("%08x", crc.getValue());
    expected.put(8 + header.indexOf("00000000"), digits.getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(expected.array(), Files.readAllBytes(target));
    assertEquals(Map.of("width", "8"), Safetensors.read(target).metadata());
  }

  /// Every bit of a small file, one after the other: it is refused, or nothing that counts changed.
  @Test
  void noticesEveryFlippedBit() throws IOException {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    tensors.put("b", new Entry(new int[] {2}, new float[] {1, -2}, Dtype.F16));
    tensors.put("a", new Entry(new int[] {}, new float[] {0.5f}));
    Path target = folder.resolve("small.safetensors");
    new Safetensors(Map.of("width", "8"), tensors).write(target);
    byte[] bytes = Files.readAllBytes(target);
    int unnoticed = 0;
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(target, flipped);
      try {
        Safetensors got = Safetensors.read(target);
        unnoticed++;
        assertEquals("8", got.metadata().get("width"), "bit " + bit);
        assertArrayEquals(new float[] {1, -2}, got.tensors().get("b").data(), "bit " + bit);
        assertArrayEquals(new float[] {0.5f}, got.tensors().get("a").data(), "bit " + bit);
      } catch (UserError e) {
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
    // Those that give the checksum another name.
    assertEquals(0, unnoticed, 8 * "dae.crc32c".length(), "unnoticed");
  }

  @Test
  void readsBackTheSameBitsInTheSameOrder() throws IOException {
    float[] large = new float[40_003];
    for (int i = 0; i < large.length; i++) {
      large[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    tensors.put("large", new Entry(new int[] {40_003, 1}, large));
    tensors.put("empty", new Entry(new int[] {3, 0}, new float[0]));
    tensors.put("größe/\"x\"", new Entry(new int[] {2}, new float[] {-0.0f, Float.MIN_VALUE}));
    Path target = folder.resolve("file.safetensors");
    new Safetensors(Map.of("note", "two\nlines"), tensors).write(target);
    Safetensors read = Safetensors.read(target);
    assertEquals(Map.of("note", "two\nlines"), read.metadata());
    assertEquals(List.copyOf(tensors.keySet()), List.copyOf(read.tensors().keySet()));
    tensors.forEach((name, tensor) -> {
      assertArrayEquals(tensor.shape(), read.tensors().get(name).shape(), name);
      assertArrayEquals(bits(tensor.data()), bits(read.tensors().get(name).data()), name);
    });
  }

  @Test
  void halfFloatsAreRoundedAndTakeHalfTheBytes() throws IOException {
    float[] values = {0, -0.0f, 1, 0.1f, 65504, 6e-8f, 1e-9f, -3.14159f};
    float[] rounded = {0, -0.0f, 1, 0.099975586f, 65504, 0x1p-24f, 0, -3.140625f};
    Map<String, Entry> tensors = new LinkedHashMap<>();
    tensors.put("half", new Entry(new int[] {2, 4}, values, Safetensors.Dtype.F16));
    tensors.put("odd", new Entry(new int[] {1}, new float[] {2}, Safetensors.Dtype.F16));
    tensors.put("whole", new Entry(new int[] {1}, new float[] {0.1f}));
    Path target = folder.resolve("half.safetensors");
    new Safetensors(Map.of(), tensors).write(target);
    byte[] bytes = Files.readAllBytes(target);
    assertEquals(
        8 * 2 + 2 + 4,
        bytes.length - 8 - ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt());
    Safetensors read = Safetensors.read(target);
    assertArrayEquals(bits(rounded), bits(read.tensors().get("half").data()));
    assertEquals(Safetensors.Dtype.F16, read.tensors().get("half").dtype());
    assertEquals(2, read.tensors().get("odd").data()[0]);
    assertEquals(0.1f, read.tensors().get("whole").data()[0]);
  }

  @Test
  void countersTakeEightBytesEach() throws IOException {
    float[] values = {1, -2, 70_000, 0x1p40f};
    Path target = folder.resolve("counters.safetensors");
    new Safetensors(
            Map.of(), Map.of("steps", new Entry(new int[] {4}, values, Safetensors.Dtype.I64)))
        .write(target);
    Entry read = Safetensors.read(target).tensors().get("steps");
    assertArrayEquals(values, read.data());
    assertEquals(Safetensors.Dtype.I64, read.dtype());
  }

  @Test
  void aHeaderEndsInItsFile() throws IOException {
    Path file = folder.resolve("short.safetensors");
    for (int length : new int[] {0, 1, 3, 10, 11, 18, 19}) {
      ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
      Files.write(file, bytes.putLong(length).put((byte) '{').put((byte) '}').array());
      UserError e = assertThrows(UserError.class, () -> Safetensors.read(file));
      assertTrue(e.getMessage().contains("header of 2 to 2 bytes, got " + length), e.getMessage());
    }
  }

  @Test
  void acceptsAHeaderInAnotherOrderThanTheBytes() throws IOException {
    Path file =
        file(
            """
            {"second":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},\
            "first":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}\
            """,
            8);
    assertEquals(
        List.of("first", "second"), List.copyOf(Safetensors.read(file).tensors().keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"t":{"dtype":"BF16","shape":[2],OFFSETS:[0,4]}} | 4 | t: expected dtype F32 or F16, got BF16
          {"t":{"shape":[1],"data_offsets":[0,4]}}  | 4 | t: expected dtype F32 or F16, got none
          {"t":{"dtype":"F32","shape":[1]}}         | 4 | t: expected whole numbers
          {"t":{F32,"shape":[2],OFFSETS:[0,4]}}     | 4 | t: expected 8 bytes within the file's 4
          {"t":{F32,"shape":[2],OFFSETS:[0,8]}}     | 4 | t: expected 8 bytes within the file's 4
          {"t":{F32,"shape":[1],OFFSETS:[4,0]}}     | 4 | t: expected 4 bytes within the file's 4
          {"t":{F32,"shape":[1],OFFSETS:[4,8]}}     | 8 | t: expected its bytes to begin at 0, got 4
          {"t":{F32,"shape":[-1],OFFSETS:[0,4]}}    | 4 | t: expected whole numbers
          {"t":{F32,"shape":[1.0],OFFSETS:[0,4]}}   | 4 | t: expected whole numbers
          {"t":{F32,"shape":"1",OFFSETS:[0,4]}}     | 4 | t: expected whole numbers
          {"t":{F32,"shape":[65536,65536],OFFSETS:[0,0]}} | 0 | t: expected whole numbers
          {"t":{F32,"shape":[4294967297],OFFSETS:[0,4]}}  | 4 | t: expected whole numbers
          {"t":ONE,"u":ONE}    | 4 | u: expected its bytes to begin at 4
          {"t\\nx":{}}         | 0 | t\\nx: expected dtype F32 or F16
          """)
  void saysInOneLineWhatIsWrongWithATensor(String header, int dataBytes, String message)
      throws IOException {
    assertRefused(header, dataBytes, "tensor " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"t":ONE}               | 5 | expected 4 bytes of tensors, got 5
          {"t":ONE,"t":ONE}       | 4 | expected a JSON header, got the name 't' twice
          {"__metadata__":{"a":1}} | 0 | expected strings under __metadata__
          {"__metadata__":[]}     | 0 | expected strings under __metadata__
          []                      | 0 | expected a JSON object as header
          {} {}                   | 0 | expected a JSON header, got something else at $
          {"t":ONE,}              | 4 | expected a JSON header, got something else at $
          {"t":[[                 | 4 | expected a JSON header, got something else at $.t[0][0]
          {"t":01}                | 4 | expected a JSON header, got something else at $.t
          """)
  void saysInOneLineWhatIsWrong(String header, int dataBytes, String message) throws IOException {
    assertRefused(header, dataBytes, message);
  }

  private void assertRefused(String shorthand, int dataBytes, String message) throws IOException {
    String header =
        shorthand
            .replace("ONE", "{F32,\"shape\":[1],OFFSETS:[0,4]}")
            .replace("F32,\"shape", "\"dtype\":\"F32\",\"shape")
            .replace("OFFSETS", "\"data_offsets\"");
    Path file = file(header, dataBytes);
    UserError e = assertThrows(UserError.class, () -> Safetensors.read(file));
    assertTrue(e.getMessage().startsWith(file + ": " + message), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void refusesAHeaderLongerThanAMebibyteOrThanTheFile() throws IOException {
    for (long length : new long[] {0, 1, 100, (1 << 20) + 1, Long.MAX_VALUE, -1}) {
      byte[] bytes = new byte[length == (1 << 20) + 1 ? 2_000_000 : 50];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Path file = Files.write(folder.resolve("long"), bytes);
      UserError e = assertThrows(UserError.class, () -> Safetensors.read(file));
      assertTrue(e.getMessage().contains("expected a safetensors header of"), e.getMessage());
    }
  }

  @Test
  void refusesAMissingFileAndAFolder() {
    Path none = folder.resolve("none");
    assertThrows(UserError.class, () -> Safetensors.read(none));
    assertThrows(UserError.class, () -> Safetensors.read(folder));
  }

  @Test
  void refusesWhatWouldNotReadBack() {
    assertThrows(IllegalArgumentException.class, () -> new Entry(new int[] {2, 2}, new float[3]));
    Entry one = new Entry(new int[] {1}, new float[1]);
    Path target = folder.resolve("never");
    assertThrows(
        IllegalArgumentException.class,
        () -> new Safetensors(Map.of(), Map.of("__metadata__", one)).write(target));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Safetensors(Map.of("long", "x".repeat(1 << 20)), Map.of()).write(target));
    assertFalse(Files.exists(target));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = smallFile();
    Path file = folder.resolve("cut");
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThrows(UserError.class, () -> Safetensors.read(file));
    }
  }

  @Test
  void everyChangedByteIsReadOrRefused() throws IOException {
    byte[] whole = smallFile();
    Path file = folder.resolve("changed");
    int headerEnd = whole.length - 12;
    int refused = 0;
    for (int i = 0; i < headerEnd; i++) {
      for (int value : new int[] {0, ' ', '"', '0', '9', '-', ',', '}', '[', 0x80, 0xFF}) {
        byte[] changed = whole.clone();
        changed[i] = (byte) value;
        Files.write(file, changed);
        try {
          int floats = 0;
          for (Entry tensor : Safetensors.read(file).tensors().values()) {
            floats += tensor.data().length;
          }
          assertTrue(floats <= 3, "more values than the file holds");
        } catch (UserError e) {
          assertEquals(1, e.getMessage().lines().count(), e.getMessage());
          refused++;
        }
      }
    }
    assertTrue(refused > 5 * headerEnd, "only " + refused + " changes were refused");
  }

  private byte[] smallFile() throws IOException {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    tensors.put("kernel", new Entry(new int[] {1, 2}, new float[] {1, 2}));
    tensors.put("bias", new Entry(new int[] {1}, new float[] {3}));
    Path target = folder.resolve("small");
    new Safetensors(Map.of("a", "b"), tensors).write(target);
    return Files.readAllBytes(target);
  }

  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("file"), bytes.array());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
