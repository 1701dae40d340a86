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

/// A safetensors file of float32 tensors: eight bytes (the header's length, little-endian), a JSON
/// header, and the values of all tensors, raw, little-endian and without gaps.
///
/// @param metadata free strings; empty where the file has none
/// @param tensors the tensors by name, in the order in which they lie in the file
public record Safetensors(Map<String, String> metadata, Map<String, Entry> tensors) {
  private static final int CHUNK = 1 << 16;

  /// Keeps the order of both maps; the arrays are not copied.
  public Safetensors {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /// One tensor.
  ///
  /// @param shape its extents, outermost first; empty for a single number
  /// @param data its values, the last axis contiguous
  public record Entry(int[] shape, float[] data) {
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
  ///   safetensors file of float32 values
  /// @throws IOException when the file cannot be read
  public static Safetensors read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new UserError(path + ": expected a safetensors file, got no file — check the path");
    }
    if (!Files.isRegularFile(path)) {
      throw new UserError(
          path + ": expected a safetensors file, got a folder — name the file in it");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), CHUNK)) {
      SafetensorsHeader header = SafetensorsHeader.read(path, Files.size(path), in);
      Map<String, Entry> tensors = new LinkedHashMap<>();
      byte[] bytes = new byte[CHUNK];
      for (SafetensorsHeader.Slot slot : header.slots()) {
        float[] data = new float[slot.elements()];
        readFloats(path, in, data, bytes);
        tensors.put(slot.name(), new Entry(slot.shape(), data));
      }
      return new Safetensors(header.metadata(), tensors);
    }
  }

  private static void readFloats(Path path, InputStream in, float[] data, byte[] bytes)
      throws IOException {
    for (int i = 0; i < data.length; ) {
      int n = Math.min(data.length - i, bytes.length / Float.BYTES);
      if (in.readNBytes(bytes, 0, n * Float.BYTES) < n * Float.BYTES) {
        throw new UserError(path + ": the file got shorter while it was read — try again");
      }
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(data, i, n);
      i += n;
    }
  }

  /// Writes this to `target` through [AtomicFile], tensors in the map's order.
  ///
  /// @throws IOException when it cannot be written; the old file is whole then
  public void write(Path target) throws IOException {
    byte[] header = SafetensorsHeader.format(this);
    AtomicFile.write(
        target,
        out -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          out.write(length.putLong(header.length).array());
          out.write(header);
          byte[] bytes = new byte[CHUNK];
          for (Entry tensor : tensors.values()) {
            writeFloats(out, tensor.data(), bytes);
          }
        });
  }

  private static void writeFloats(OutputStream out, float[] data, byte[] bytes) throws IOException {
    for (int i = 0; i < data.length; ) {
      int n = Math.min(data.length - i, bytes.length / Float.BYTES);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(data, i, n);
      out.write(bytes, 0, n * Float.BYTES);
      i += n;
    }
  }
}
