package dae.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A protobuf message in the making. A field is its number, which onnx.proto gives, and its value.
final class Message {
  private static final int LENGTH_FOLLOWS = 2;
  private static final int FOUR_BYTES = 5;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// Seven bits a byte, the lowest first.
  private void varint(long value) {
    for (; (value & ~0x7fL) != 0; value >>>= 7) {
      bytes.write((int) (value & 0x7f | 0x80));
    }
    bytes.write((int) value);
  }

  Message put(int field, long value) {
    varint(field << 3);
    varint(value);
    return this;
  }

  Message put(int field, float value) {
    varint(field << 3 | FOUR_BYTES);
    int bits = Float.floatToRawIntBits(value);
    bytes.writeBytes(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array());
    return this;
  }

  Message put(int field, byte[] value) {
    varint(field << 3 | LENGTH_FOLLOWS);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  Message put(int field, String value) {
    return put(field, value.getBytes(StandardCharsets.UTF_8));
  }

  Message put(int field, Message value) {
    return put(field, value.bytes());
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
