package dae.model;

import dae.graph.Graph;
import dae.graph.Op;
import dae.graph.Param;
import dae.op.Convolution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The table of a model's layers: output shape, parameters and floating-point operations of one
/// image's forward pass.
public final class Summary {
  /// What the signs of [#sketch] mean.
  public static final String LEGEND = Sketch.LEGEND;

  private final List<Graph.Entry> tape;
  private final List<Param> params;
  private final List<String> sketch;
  private final int pixels;

  /// @param h height of the image to count for
  /// @param w its width
  public Summary(Network network, int h, int w) {
    Graph graph = Denoising.inference(network, h, w).graph();
    tape = graph.tape();
    params = graph.params();
    sketch = Sketch.of(graph);
    pixels = h * w;
  }

  /// A drawing of the network: a line for each height of its maps.
  public List<String> sketch() {
    return sketch;
  }

  /// The table, line by line.
  public List<String> lines() {
    String rule = "-".repeat(86);
    List<String> lines = new ArrayList<>();
    lines.add(row("layer", "output (N, H, W, C)", "parameters", "MFLOP"));
    lines.add(rule);
    for (Graph.Entry entry : tape) {
      Op op = entry.op();
      lines.add(row(op.label(), shape(op), count(parameters(op)), million(op.flops())));
    }
    lines.add(rule);
    lines.add("parameters          " + count(parameters()));
    lines.add("  trainable         " + count(trainable()));
    lines.add("  not trainable     " + count(parameters() - trainable()));
    lines.add("multiply-adds       " + million(multiplyAdds()) + " million per image");
    return lines;
  }

  /// Values that the model keeps.
  public long parameters() {
    return params.stream().mapToLong(param -> param.shape().size()).sum();
  }

  /// Values that the optimiser changes.
  public long trainable() {
    return params.stream().filter(Param::trainable).mapToLong(p -> p.shape().size()).sum();
  }

  /// Multiply-adds of the convolutions for one image, those that meet padding included.
  public long multiplyAdds() {
    return tape.stream()
        .map(Graph.Entry::op)
        .filter(op -> op instanceof Convolution)
        .mapToLong(op -> op.flops() / 2)
        .sum();
  }

  /// [#multiplyAdds] for each pixel of the image.
  public long multiplyAddsPerPixel() {
    return multiplyAdds() / pixels;
  }

  private static long parameters(Op op) {
    return op.params().stream().mapToLong(param -> param.shape().size()).sum();
  }

  private static String shape(Op op) {
    return Arrays.stream(op.output().extents())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "(N, ", ")"));
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String million(long number) {
    return String.format(Locale.ROOT, "%.3f", number / 1e6);
  }

  private static String row(String layer, String output, String parameters, String flops) {
    return String.format(Locale.ROOT, "%-36s %-24s %11s %12s", layer, output, parameters, flops);
  }
}
