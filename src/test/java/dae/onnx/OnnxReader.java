package dae.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
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
/// use and once only, all inputs known, tensors of their stated size, operators as opset 17 has
/// them, with no attribute twice or of another type.
public record OnnxReader(Map<Integer, List<Object>> model) {
  private static final long FLOAT = 1;
  private static final long INT = 2;
  private static final long INTS = 7;

  /// Where an attribute of a type has its value.
  private static final Map<Long, Integer> VALUE_FIELDS = Map.of(FLOAT, 2, INT, 3, INTS, 8);

  /// An operator of opset 17.
  ///
  /// @param attributes that it may have, with their types; those that it may have besides are not
  ///   written here
  private record Operator(int fewestInputs, int mostInputs, Map<String, Long> attributes) {}

  private static final Map<String, Long> WINDOW =
      Map.of("kernel_shape", INTS, "strides", INTS, "pads", INTS);

  private static final Map<String, Operator> OPERATORS =
      Map.ofEntries(
          Map.entry("Conv", new Operator(2, 3, WINDOW)),
          Map.entry("ConvTranspose", new Operator(2, 3, WINDOW)),
          Map.entry("BatchNormalization", new Operator(5, 5, Map.of("epsilon", FLOAT))),
          Map.entry("Relu", new Operator(1, 1, Map.of())),
          Map.entry("LeakyRelu", new Operator(1, 1, Map.of("alpha", FLOAT))),
          Map.entry("Sigmoid", new Operator(1, 1, Map.of())),
          Map.entry("Concat", new Operator(1, Integer.MAX_VALUE, Map.of("axis", INT))),
          Map.entry("Add", new Operator(2, 2, Map.of())),
          Map.entry("Mul", new Operator(2, 2, Map.of())),
          Map.entry("Slice", new Operator(3, 5, Map.of())),
          Map.entry("Clip", new Operator(1, 3, Map.of())),
          Map.entry("Cast", new Operator(1, 1, Map.of("to", INT))));

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

  public static OnnxReader read(byte[] bytes) {
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

  public Map<String, String> metadata() {
    Map<String, String> metadata = new HashMap<>();
    for (Map<Integer, List<Object>> entry : messages(model, 14)) {
      String key = texts(entry, 1).getFirst();
      assertNull(metadata.put(key, texts(entry, 2).getFirst()), key);
    }
    return metadata;
  }

  List<String> operators() {
    return messages(messages(model, 7).getFirst(), 1).stream()
        .map(node -> texts(node, 4).getFirst())
        .toList();
  }

  public void check() {
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
      check(name, node);
    }
    Set<String> outputs = new HashSet<>();
    for (Map<Integer, List<Object>> output : messages(graph, 12)) {
      String name = texts(output, 1).getFirst();
      assertTrue(known.contains(name) && outputs.add(name), name);
    }
    metadata();
  }

  private static void check(String name, Map<Integer, List<Object>> node) {
    Operator operator = OPERATORS.get(texts(node, 4).getFirst());
    assertNotNull(operator, name + ": " + texts(node, 4));
    int inputs = texts(node, 1).size();
    assertTrue(
        inputs >= operator.fewestInputs && inputs <= operator.mostInputs, name + ": " + inputs);
    assertEquals(1, texts(node, 2).size(), name);
    Set<String> named = new HashSet<>();
    for (Map<Integer, List<Object>> attribute : messages(node, 5)) {
      String what = texts(attribute, 1).getFirst();
      assertTrue(named.add(what), name + " has twice " + what);
      Object type = attribute.get(20).getFirst();
      assertEquals(operator.attributes.get(what), type, name + " has " + what);
      assertEquals(Set.of(1, VALUE_FIELDS.get(type), 20), attribute.keySet(), name + " " + what);
    }
  }
}
