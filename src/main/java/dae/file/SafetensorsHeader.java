package dae.file;

import com.google.gson.JsonSyntaxException;
import dae.Printable;
import dae.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON header of a [Safetensors] file: `{"__metadata__": {…}, "NAME": {"dtype": "F32",
/// "shape": […], "data_offsets": [BEGIN, END]}, …}`, padded with spaces to a multiple of eight
/// bytes.
///
/// @param metadata the strings under `__metadata__`
/// @param slots the tensors in the order of their bytes
/// @param json its bytes, as they are in the file
record SafetensorsHeader(Map<String, String> metadata, List<Slot> slots, byte[] json) {
  static final int MAX_BYTES = 1 << 20;
  private static final String METADATA = "__metadata__";
  static final String DAMAGED = " — the file is damaged or incomplete; copy or save it again";

  /// Where one tensor lies, in bytes after the header.
  record Slot(
      String name, Safetensors.Dtype dtype, int[] shape, int elements, long begin, long end) {}

  static SafetensorsHeader read(String source, long fileBytes, InputStream in) throws IOException {
    byte[] prefix = in.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw new UserError(
          source + ": expected a safetensors file, got " + fileBytes + " bytes" + DAMAGED);
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long most = Math.min(MAX_BYTES, fileBytes - Long.BYTES);
    if (length < 2 || length > most) {
      throw new UserError(
          "%s: expected a safetensors header of 2 to %d bytes, got %s%s"
              .formatted(source, most, Long.toUnsignedString(length), DAMAGED));
    }
    byte[] json = in.readNBytes((int) length);
    try {
      return new Parser(source).parse(json, fileBytes - Long.BYTES - length);
    } catch (CharacterCodingException e) {
      throw new UserError(source + ": expected a header in UTF-8, got other bytes" + DAMAGED, e);
    } catch (JsonSyntaxException e) {
      throw new UserError(
          source + ": expected a JSON header, got " + Printable.shortened(e.getMessage()) + DAMAGED,
          e);
    }
  }

  static byte[] format(Safetensors file) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!file.metadata().isEmpty()) {
      header.put(METADATA, file.metadata());
    }
    long begin = 0;
    for (Map.Entry<String, Safetensors.Entry> tensor : file.tensors().entrySet()) {
      if (tensor.getKey().equals(METADATA)) {
        throw new IllegalArgumentException("Safetensors: a tensor cannot be named " + METADATA);
      }
      Safetensors.Dtype dtype = tensor.getValue().dtype();
      long end = begin + (long) dtype.bytes * tensor.getValue().data().length;
      Map<String, Object> slot = new LinkedHashMap<>();
      slot.put("dtype", dtype.name());
      slot.put("shape", Arrays.stream(tensor.getValue().shape()).asLongStream().boxed().toList());
      slot.put("data_offsets", List.of(begin, end));
      header.put(tensor.getKey(), slot);
      begin = end;
    }
    byte[] json = Json.write(header);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    if (padded.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "Safetensors: expected a header of at most 1 MiB, got " + padded.length + " bytes");
    }
    return padded;
  }

  private record Parser(String source) {
    SafetensorsHeader parse(byte[] json, long dataBytes) throws CharacterCodingException {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      if (!(Json.read(text) instanceof Map<?, ?> root)) {
        throw new UserError(
            source + ": expected a JSON object as header, got another value" + DAMAGED);
      }
      Map<String, String> metadata = new LinkedHashMap<>();
      List<Slot> slots = new ArrayList<>();
      for (Map.Entry<?, ?> entry : root.entrySet()) {
        if (entry.getKey().equals(METADATA)) {
          metadata = metadata(entry.getValue());
        } else {
          slots.add(slot((String) entry.getKey(), entry.getValue(), dataBytes));
        }
      }
      slots.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
      requireCover(slots, dataBytes);
      return new SafetensorsHeader(metadata, slots, json);
    }

    private Map<String, String> metadata(Object json) {
      Map<String, String> metadata = new LinkedHashMap<>();
      boolean strings = json instanceof Map;
      for (Map.Entry<?, ?> entry : map(json).entrySet()) {
        strings &= entry.getValue() instanceof String;
        metadata.put((String) entry.getKey(), "" + entry.getValue());
      }
      if (!strings) {
        throw new UserError(
            source + ": expected strings under " + METADATA + ", got something else" + DAMAGED);
      }
      return metadata;
    }

    private Slot slot(String name, Object json, long dataBytes) {
      Map<?, ?> slot = map(json);
      String type = slot.get("dtype") instanceof String string ? string : "";
      Safetensors.Dtype dtype =
          Arrays.stream(Safetensors.Dtype.values())
              .filter(known -> known.name().equals(type))
              .findFirst()
              .orElseThrow(() ->
                  error(
                      name,
                      "dtype F32 or F16",
                      type.isEmpty() ? "none" : Printable.shortened(type),
                      type.isEmpty() ? DAMAGED : " — convert the file to float32"));
      try {
        long[] extents = wholeNumbers(slot.get("shape"));
        int[] shape = Arrays.stream(extents).mapToInt(Math::toIntExact).toArray();
        int elements = Safetensors.elements(shape);
        long[] offsets = wholeNumbers(slot.get("data_offsets"));
        if (offsets.length != 2) {
          throw new ArithmeticException("not a begin and an end");
        }
        long begin = offsets[0];
        long end = offsets[1];
        if (end > dataBytes || end - begin != (long) dtype.bytes * elements) {
          throw error(
              name,
              "%d bytes within the file's %d".formatted((long) dtype.bytes * elements, dataBytes),
              "bytes %d to %d".formatted(begin, end),
              DAMAGED);
        }
        return new Slot(name, dtype, shape, elements, begin, end);
      } catch (ArithmeticException e) {
        throw error(
            name,
            "whole numbers as shape and data_offsets",
            Printable.shortened("" + json),
            DAMAGED);
      }
    }

    private static Map<?, ?> map(Object json) {
      return json instanceof Map<?, ?> map ? map : Map.of();
    }

    private static long[] wholeNumbers(Object json) {
      if (!(json instanceof List<?> list)) {
        throw new ArithmeticException("not a list");
      }
      return list.stream()
          .mapToLong(each -> {
            if (!(each instanceof Long number) || number < 0) {
              throw new ArithmeticException("not a whole number");
            }
            return number;
          })
          .toArray();
    }

    private void requireCover(List<Slot> slots, long dataBytes) {
      long covered = 0;
      for (Slot slot : slots) {
        if (slot.begin() != covered) {
          throw error(
              slot.name(),
              "its bytes to begin at " + covered,
              String.valueOf(slot.begin()),
              DAMAGED);
        }
        covered = slot.end();
      }
      if (covered != dataBytes) {
        throw new UserError(
            "%s: expected %d bytes of tensors, got %d%s"
                .formatted(source, covered, dataBytes, DAMAGED));
      }
    }

    private UserError error(String tensor, String expected, String got, String advice) {
      return new UserError(
          "%s: tensor %s: expected %s, got %s%s"
              .formatted(source, Printable.shortened(tensor), expected, got, advice));
    }
  }
}
