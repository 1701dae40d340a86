package dae.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes an ONNX file apart again and holds it against the rules of ONNX' own checker: names before
/// use and once only, all inputs known, tensors of their stated size, operators of the opset.
record OnnxReader(Map<Integer, List<Object>> model) {
  /// Field numbers to values: a `Long`, or the bytes of a string or message.
  static Map<Integer, List<Object>> fields(byte[] bytes) {
    Map<Integer, List<Object>> fields = new HashMap<>();
    int[] at = {0};
    while (at[0] < bytes.length) {
      long key = varint(bytes, at);
      Object value;
      switch ((int) (key & 7)) {
        case 0 -> value = varint(bytes, at);
        case 2 -> {
          int length = Math.toIntExact(varint(bytes, at));
          value = Arrays.copyOfRange(bytes, at[0], at[0] + length);
          at[0] += length;
        }
        case 5 -> {
          value = Arrays.copyOfRange(bytes, at[0], at[0] + 4);
          at[0] += 4;
        }
        default -> throw new IllegalStateException("wire type " + (key & 7));
      }
      fields.computeIfAbsent((int) (key >>> 3), k -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  private static long varint(byte[] bytes, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at[0]++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  static OnnxReader read(byte[] bytes) {
    return new OnnxReader(fields(bytes));
  }

  private static List<Map<Integer, List<Object>>> messages(
      Map<Integer, List<Object>> of, int field) {
    return of.getOrDefault(field, List.of()).stream().map(v -> fields((byte[]) v)).toList();
  }

  private static List<String> texts(Map<Integer, List<Object>> of, int field) {
    return of.getOrDefault(field, List.of()).stream()
        .map(v -> new String((byte[]) v, StandardCharsets.UTF_8))
        .toList();
  }

  Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    messages(model, 14).forEach(m -> metadata.put(texts(m, 1).getFirst(), texts(m, 2).getFirst()));
    return metadata;
  }

  List<String> operators() {
    return messages(messages(model, 7).getFirst(), 1).stream()
        .map(node -> texts(node, 4).getFirst())
        .toList();
  }

  void check() {
    assertEquals(List.of(8L), model.get(1), "ir_version");
    assertEquals(1, model.get(8).size(), "opset_import");
    assertEquals(List.of(17L), messages(model, 8).getFirst().get(2), "opset");
    Map<Integer, List<Object>> graph = messages(model, 7).getFirst();
    assertEquals(1, texts(graph, 2).size(), "the graph's name");
    Set<String> known = new HashSet<>();
    for (Map<Integer, List<Object>> tensor : messages(graph, 5)) {
      String name = texts(tensor, 8).getFirst();
      assertTrue(known.add(name), name);
      long size =
          tensor.get(2).getFirst().equals(1L) ? 4 : tensor.get(2).getFirst().equals(7L) ? 8 : 2;
      for (Object extent : tensor.getOrDefault(1, List.of())) {
        size *= (Long) extent;
      }
      assertEquals(size, ((byte[]) tensor.get(9).getFirst()).length, name);
    }
    for (Map<Integer, List<Object>> input : messages(graph, 11)) {
      assertTrue(known.add(texts(input, 1).getFirst()), texts(input, 1).getFirst());
    }
    Set<String> nodes = new HashSet<>();
    for (Map<Integer, List<Object>> node : messages(graph, 1)) {
      String name = texts(node, 3).getFirst();
      assertTrue(nodes.add(name), name);
      texts(node, 1).forEach(input -> assertTrue(known.contains(input), name + " reads " + input));
      texts(node, 2).forEach(output -> assertTrue(known.add(output), name + " makes " + output));
    }
    texts(messages(graph, 12).getFirst(), 1).forEach(o -> assertTrue(known.contains(o), o));
  }
}
