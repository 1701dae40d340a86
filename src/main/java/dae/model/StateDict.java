package dae.model;

import dae.Printable;
import dae.UserError;
import dae.file.Safetensors;
import dae.graph.Graph;
import dae.graph.Op;
import dae.keras.KerasLayer;
import dae.keras.KerasLayer.Kind;
import dae.op.BatchNorm;
import dae.op.ConvTranspose2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/// A state dict of PyTorch. Its order says nothing, as safetensors are sorted, and a layer's kind
/// is not in it. So a layer goes where the network has the same name (`conv_block1.conv2d`), else
/// where only one has its shape. Among several of one shape, those that go up in size are told by
/// what they are called, and the rest by their numbers; where names differ in more than these,
/// nobody can know, and it is refused.
///
/// @param layers with kernels and names as Keras has them
record StateDict(String source, List<KerasLayer> layers) implements Foreign {
  private static final String COUNTER = "num_batches_tracked";

  private static final Set<String> ENDINGS =
      Set.of("weight", "bias", "running_mean", "running_var", COUNTER);

  private static final Pattern UP =
      Pattern.compile("(?i)transpose|deconv|(?<![a-z])(up|dec|tail|final|last|out)");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final int MOST_DIGITS = 20;

  /// Whether a file is one: it says nothing of a network, and all names are PyTorch's.
  static boolean is(Safetensors file) {
    return !file.metadata().containsKey(Checkpoint.NETWORK)
        && !file.tensors().isEmpty()
        && file.tensors().keySet().stream().allMatch(name -> ENDINGS.contains(ending(name)));
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  static StateDict of(String source, Safetensors file) {
    Map<String, Map<String, Safetensors.Entry>> layers = new LinkedHashMap<>();
    file.tensors()
        .forEach((name, entry) -> {
          String layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
          layers.computeIfAbsent(layer, l -> new LinkedHashMap<>()).put(ending(name), entry);
        });
    return new StateDict(
        source, layers.entrySet().stream().map(e -> layer(e.getKey(), e.getValue())).toList());
  }

  private static KerasLayer layer(String name, Map<String, Safetensors.Entry> weights) {
    Map<String, Safetensors.Entry> ours = new LinkedHashMap<>();
    Safetensors.Entry weight = weights.get("weight");
    // Without values, extents may be of any size.
    boolean product = weight != null && weight.shape().length == 4 && weight.data().length > 0;
    boolean norm = weights.containsKey("running_mean") && weights.containsKey("running_var");
    if (!product && !norm) {
      return new KerasLayer(name, Kind.OTHER, weights);
    }
    weights.forEach((key, entry) -> {
      switch (key) {
        case "weight" -> ours.put(product ? "kernel" : "gamma", product ? turned(entry) : entry);
        case "bias" -> ours.put(product ? "bias" : "beta", entry);
        case "running_mean" -> ours.put("moving_mean", entry);
        case "running_var" -> ours.put("moving_variance", entry);
        default -> {
          // How many batches the averages have seen, which nothing here needs.
        }
      }
    });
    return new KerasLayer(name, product ? Kind.CONVOLUTION : Kind.NORM, ours);
  }

  /// From (o, i, kh, kw) to (kh, kw, i, o). A transposed convolution has (i, o, kh, kw) there, and
  /// here (kh, kw, o, i), so it is the same.
  private static Safetensors.Entry turned(Safetensors.Entry kernel) {
    int[] from = kernel.shape();
    int taps = from[2] * from[3];
    float[] values = new float[kernel.data().length];
    for (int k = 0, at = 0; k < from[0]; k++) {
      for (int i = 0; i < from[1]; i++) {
        for (int t = 0; t < taps; t++) {
          values[(t * from[1] + i) * from[0] + k] = kernel.data()[at++];
        }
      }
    }
    return new Safetensors.Entry(new int[] {from[2], from[3], from[1], from[0]}, values);
  }

  @Override
  public String shown(int[] ours) {
    return Arrays.toString(
        ours.length == 4 ? new int[] {ours[3], ours[2], ours[0], ours[1]} : ours);
  }

  @Override
  public String format() {
    return "PyTorch";
  }

  @Override
  public double epsilon() {
    return 1e-5;
  }

  @Override
  public int widthOfFirst() {
    return layers.stream()
        .map(StateDict::extents)
        .filter(shape -> shape.length == 4 && shape[2] == 3)
        .findFirst()
        .orElseThrow(this::noConvolution)[3];
  }

  private static int[] extents(KerasLayer layer) {
    Safetensors.Entry kernel = layer.weights().get("kernel");
    Safetensors.Entry mean = layer.weights().get("moving_mean");
    return kernel != null ? kernel.shape() : mean != null ? mean.shape() : new int[0];
  }

  private static int[] extents(Op op) {
    return op.params().getFirst().shape().extents();
  }

  @Override
  public Map<Op, KerasLayer> pairs(Network network, Graph graph) {
    Map<Op, KerasLayer> pairs = new LinkedHashMap<>();
    List<KerasLayer> left = new ArrayList<>(layers);
    Map<String, List<Op>> places = new LinkedHashMap<>();
    for (Op op : graph.tape().stream().map(Graph.Entry::op).toList()) {
      if (!op.params().isEmpty()) {
        KerasLayer same =
            left.stream()
                .filter(layer -> isCalled(layer, op))
                .filter(layer -> Arrays.equals(extents(layer), extents(op)))
                .findFirst()
                .orElse(null);
        if (same == null) {
          places.computeIfAbsent(shown(extents(op)), s -> new ArrayList<>()).add(op);
        } else {
          pairs.put(op, same);
          left.remove(same);
        }
      }
    }
    Map<String, List<KerasLayer>> given =
        left.stream()
            .collect(
                Collectors.groupingBy(
                    layer -> shown(extents(layer)), LinkedHashMap::new, Collectors.toList()));
    requireAll(network, places, given);
    places.forEach((shape, ops) -> pair(graph, ops, given.get(shape), pairs));
    return pairs;
  }

  private void requireAll(
      Network network, Map<String, List<Op>> places, Map<String, List<KerasLayer>> given) {
    List<Op> missing = new ArrayList<>();
    places.forEach((shape, ops) -> {
      int there = given.getOrDefault(shape, List.of()).size();
      missing.addAll(ops.subList(Math.min(there, ops.size()), ops.size()));
    });
    List<KerasLayer> over = new ArrayList<>();
    given.forEach((shape, all) -> {
      int wanted = places.getOrDefault(shape, List.of()).size();
      over.addAll(all.subList(Math.min(wanted, all.size()), all.size()));
    });
    for (Op op : missing) {
      for (KerasLayer layer : over) {
        if (isCalled(layer, op)) {
          throw misfit(network, layer, op);
        }
      }
    }
    if (!missing.isEmpty() || !over.isEmpty()) {
      throw misfit(
          network,
          over.isEmpty() ? null : over.getFirst(),
          missing.isEmpty() ? null : missing.getFirst());
    }
  }

  private static boolean isCalled(KerasLayer layer, Op op) {
    return ("." + layer.name()).endsWith("." + op.label().replace('/', '.'));
  }

  /// @param layer null for none
  /// @param op null for none
  private UserError misfit(Network network, KerasLayer layer, Op op) {
    return misfit(
        network,
        layer == null ? "layers" : Printable.shortened(layer.name()),
        op == null ? "no such layer" : shown(extents(op)) + " for " + op.label(),
        layer == null ? "none" : shown(extents(layer)));
  }

  private void pair(Graph graph, List<Op> ops, List<KerasLayer> layers, Map<Op, KerasLayer> pairs) {
    Map<Boolean, List<Op>> places = ops.stream().collect(partitioned(op -> goesUp(graph, op)));
    Map<Boolean, List<KerasLayer>> named =
        layers.stream().collect(partitioned(layer -> UP.matcher(layer.name()).find()));
    if (places.get(true).size() == named.get(true).size()) {
      inOrder(places.get(true), named.get(true), pairs);
      inOrder(places.get(false), named.get(false), pairs);
    } else {
      inOrder(ops, layers, pairs);
    }
  }

  private static <T> Collector<T, ?, Map<Boolean, List<T>>> partitioned(Predicate<T> by) {
    return Collectors.partitioningBy(by);
  }

  /// Whether it is a transposed convolution, or the norm behind one.
  private static boolean goesUp(Graph graph, Op op) {
    return op instanceof ConvTranspose2d
        || op instanceof BatchNorm
            && graph.tape().stream()
                .anyMatch(entry ->
                    entry.op() instanceof ConvTranspose2d && op.inputs().contains(entry.output()));
  }

  private void inOrder(List<Op> ops, List<KerasLayer> layers, Map<Op, KerasLayer> pairs) {
    List<KerasLayer> sorted =
        layers.stream().sorted(Comparator.comparing(layer -> padded(layer.name()))).toList();
    for (int i = 0; i < ops.size(); i++) {
      String first = sorted.getFirst().name();
      String name = sorted.get(i).name();
      if (!NUMBER.matcher(first).replaceAll("#").equals(NUMBER.matcher(name).replaceAll("#"))) {
        throw new UserError(
            "%s: expected layers of one shape to differ in numbers, or to be called as in the network (%s), got %s and %s, both %s — rename them"
                .formatted(
                    source,
                    ops.get(i).label().replace('/', '.'),
                    Printable.shortened(first),
                    Printable.shortened(name),
                    shown(extents(ops.get(i)))));
      }
      pairs.put(ops.get(i), sorted.get(i));
    }
  }

  private static String padded(String name) {
    return NUMBER
        .matcher(name)
        .replaceAll(
            found -> "0".repeat(Math.max(0, MOST_DIGITS - found.group().length())) + found.group());
  }
}
