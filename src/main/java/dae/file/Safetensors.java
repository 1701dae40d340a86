package dae.file;

import dae.UserError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A safetensors file of float32 and float16 tensors: eight bytes (the header's length,
/// little-endian), a JSON header, and the values of all tensors, raw, little-endian and without
/// gaps.
///
/// A file that is written here carries a checksum of all its bytes among the metadata ([Checksum]);
/// one that is read is compared with it. Files of others have none, and are read as they are.
///
/// @param metadata free strings, without the checksum; empty where the file has none
/// @param tensors the tensors by name, in the order in which they lie in the file
public record Safetensors(Map<String, String> metadata, Map<String, Entry> tensors) {
  private static final int CHUNK = 1 << 16;

  /// Keeps the order of both maps; the arrays are not copied.
  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /// How a file holds a value. In memory all are float32.
  public enum Dtype {
    /// IEEE 754 binary32.
    F32(Float.BYTES),
    /// IEEE 754 binary16: 11 significant bits, at most 65,504.
    F16(Short.BYTES),
    /// Whole numbers, such as the counters in files of others.
    I64(Long.BYTES);

    /// Bytes of a value.
    final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }
  }

  /// One tensor.
  ///
  /// @param shape its extents, outermost first; empty for a scalar
  /// @param data its values, the last axis contiguous
  /// @param dtype how the file holds them
  public record Entry(int[] shape, float[] data, Dtype dtype) {
    /// A float32 tensor.
    public Entry(int[] shape, float[] data) {
      this(shape, data, Dtype.F32);
    }

    /// @throws IllegalArgumentException when the shape does not hold `data.length` values
    public Entry {
      if (elements(shape) != data.length) {
        throw new IllegalArgumentException(
            "Entry: expected data for shape "
                + Arrays.toString(shape)
                + ", got "
                + data.length
                + " values");
      }
    }
  }

  /// The number of values in a shape.
  ///
  /// @throws ArithmeticException when an extent is negative or an `int` cannot count them
  static int elements(int[] shape) {
    int elements = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw new ArithmeticException("negative extent");
      }
      elements = Math.multiplyExact(elements, extent);
    }
    return elements;
  }

  /// Reads a whole file. It is checked completely before memory is taken for the tensors: the
  /// header is at most 1 MiB, has no key twice, and its tensors cover the rest of the file exactly,
  /// without gap or overlap.
  ///
  /// @throws UserError one line naming the file and the tensor, when the file is not a sound
  ///   safetensors file of float32 and float16 values
  /// @throws IOException when the file cannot be read
  public static Safetensors read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new UserError(path + ": expected a safetensors file, got no file — check the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          "%s: expected a safetensors file, got %s — check the path"
              .formatted(path, PlainFile.other(path)));
    }
    try (InputStream in = new BufferedInputStream(PlainFile.open(path), CHUNK)) {
      return read(path.toString(), Files.size(path), in);
    }
  }

  /// Reads a file's bytes from elsewhere.
  ///
  /// @param source what to call the file in an error message
  /// @param size how many bytes it has
  public static Safetensors read(String source, long size, InputStream in) throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(source, size, in);
    Checksum checksum = new Checksum(header.json());
    InputStream checked = checksum.of(in);
    Map<String, Entry> tensors = new LinkedHashMap<>();
    byte[] bytes = new byte[CHUNK];
    for (SafetensorsHeader.Slot slot : header.slots()) {
      Entry tensor = new Entry(slot.shape(), new float[slot.elements()], slot.dtype());
      readValues(source, checked, tensor, bytes);
      tensors.put(slot.name(), tensor);
    }
    Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
    checksum.require(metadata.remove(Checksum.KEY), source);
    return new Safetensors(metadata, tensors);
  }

  private static void readValues(String source, InputStream in, Entry tensor, byte[] bytes)
      throws IOException {
    float[] data = tensor.data();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = tensor.dtype().bytes;
    for (int i = 0; i < data.length; ) {
      int n = Math.min(data.length - i, bytes.length / size);
      if (in.readNBytes(bytes, 0, n * size) < n * size) {
        throw new UserError(source + ": the file got shorter while it was read — try again");
      }
      for (int k = 0; k < n; k++, i++) {
        data[i] =
            switch (tensor.dtype()) {
              case F32 -> buffer.getFloat(k * size);
              case F16 -> Float.float16ToFloat(buffer.getShort(k * size));
              case I64 -> buffer.getLong(k * size);
            };
      }
    }
  }

  /// Writes this to `target` through [AtomicFile], tensors in the map's order.
  ///
  /// @throws IOException when it cannot be written; the old file stays intact
  public void write(Path target) throws IOException {
    write(target, null);
  }

  /// @param before what the old file is called from then on; null for nothing
  void write(Path target, Path before) throws IOException {
    Map<String, String> checked = new LinkedHashMap<>(metadata);
    checked.put(Checksum.KEY, Checksum.NONE);
    byte[] header = SafetensorsHeader.format(new Safetensors(checked, tensors));
    Checksum checksum = new Checksum(header);
    writeValues(checksum.of(OutputStream.nullOutputStream()));
    checksum.enter(header);
    AtomicFile.write(
        target,
        before,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          out.write(length.putLong(header.length).array());
          out.write(header);
          writeValues(out);
        });
  }

  private void writeValues(OutputStream out) throws IOException {
    byte[] bytes = new byte[CHUNK];
    for (Entry tensor : tensors.values()) {
      writeValues(out, tensor, bytes);
    }
  }

  private static void writeValues(OutputStream out, Entry tensor, byte[] bytes) throws IOException {
    float[] data = tensor.data();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int size = tensor.dtype().bytes;
    for (int i = 0; i < data.length; ) {
      int n = Math.min(data.length - i, bytes.length / size);
      for (int k = 0; k < n; k++, i++) {
        switch (tensor.dtype()) {
          case F32 -> buffer.putFloat(k * size, data[i]);
          case F16 -> buffer.putShort(k * size, Float.floatToFloat16(data[i]));
          case I64 -> buffer.putLong(k * size, (long) data[i]);
        }
      }
      out.write(bytes, 0, n * size);
    }
  }
}
