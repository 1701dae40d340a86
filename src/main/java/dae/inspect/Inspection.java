package dae.inspect;

import dae.graph.Graph;
import dae.graph.Mode;
import dae.graph.Op;
import dae.graph.Param;
import dae.graph.Parameters;
import dae.graph.Plan;
import dae.graph.PlanDraft;
import dae.graph.Value;
import dae.kernel.Backend;
import dae.model.Checkpoint;
import dae.model.Denoising;
import dae.model.Network;
import dae.op.Add;
import dae.op.Convolution;
import dae.op.LeakyRelu;
import dae.op.Relu;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A look inside a model: what it has learnt, and what becomes of pictures in it.
public final class Inspection {
  /// A picture that is shown to the model.
  ///
  /// @param rgb side × side × 3 values from 0 to 1
  public record Subject(String name, float[] rgb) {}

  /// Maps of a block that are shown at most.
  private static final int MAPS = 64;

  private final Network network;
  private final Parameters parameters;
  private final Backend backend;
  private final int side;
  private final Denoising model;
  private final Sheet page;

  private Inspection(
      Checkpoint checkpoint, Parameters parameters, Backend backend, int side, String title) {
    network = checkpoint.network();
    this.parameters = parameters;
    this.backend = backend;
    this.side = side;
    model = Denoising.inference(network, side, side);
    page = new Sheet(title);
  }

  /// Looks.
  ///
  /// @param name of the model, for people
  /// @param subjects at least one; the first one's maps are shown
  /// @param side of each subject, a multiple of the network's
  /// @return the page, HTML in one file
  public static String of(
      String name, Checkpoint checkpoint, Backend backend, List<Subject> subjects, int side) {
    try (Parameters parameters = checkpoint.parameters(backend)) {
      String title = "Inside " + name + ", a network " + checkpoint.network().word();
      Inspection inspection = new Inspection(checkpoint, parameters, backend, side, title);
      inspection.pictures(subjects);
      inspection.receptiveField(subjects.getFirst());
      inspection.filters();
      inspection.activations(subjects.getFirst());
      inspection.weights();
      return inspection.page.toString();
    }
  }

  private void pictures(List<Subject> subjects) {
    List<Value> skips = CutSkips.skips(model.graph().tape());
    page.section(
        "What it changes",
        "What goes in, what comes out, and where the two differ most, from black over red to white."
            + (skips.isEmpty()
                ? " This network has no skips between a way down and a way up that could be cut."
                : " Then what the bottleneck alone keeps: the "
                    + skips.size()
                    + " skips between the way down and the way up are cut off, each map on them"
                    + " replaced by its mean in each channel; last, each of them alone."));
    for (Subject subject : subjects) {
      Map<Value, float[]> values = run(Mode.PLAIN_INFERENCE, subject, skips);
      float[] out = values.get(model.denoised());
      List<String> row = new ArrayList<>();
      row.add(Pixmap.colors(subject.rgb, side, side).figure(subject.name, 2));
      row.add(Pixmap.colors(out, side, side).figure("denoised", 2));
      row.add(change(subject.rgb, out));
      if (!skips.isEmpty()) {
        row.add(without("without skips", subject, out, values, skips));
      }
      for (Value skip : skips.size() > 1 ? skips : List.<Value>of()) {
        String caption = "without the %d×%1$d skip alone".formatted(skip.shape().h());
        row.add(without(caption, subject, out, values, List.of(skip)));
      }
      page.row(row.toArray(String[]::new));
    }
  }

  /// What is left without some skips.
  private String without(
      String caption, Subject subject, float[] out, Map<Value, float[]> values, List<Value> skips) {
    Map<Value, float[]> means = new HashMap<>();
    skips.forEach(skip -> means.put(skip, means(values.get(skip), skip.shape().c())));
    Mode cut = new Mode(false, List.of(tape -> CutSkips.rewrite(tape, means)));
    float[] kept = run(cut, subject, List.of()).get(model.denoised());
    double distance = distance(out, kept);
    String from =
        distance == 0
            ? ": nothing changes"
            : String.format(
                Locale.ROOT, ": PSNR to the denoised one %.1f dB", -10 * Math.log10(distance));
    return Pixmap.colors(kept, side, side).figure(caption + from, 2);
  }

  private String change(float[] in, float[] out) {
    double[] change = new double[side * side];
    int most = 0;
    double sum = 0;
    for (int i = 0; i < change.length; i++) {
      for (int c = 0; c < 3; c++) {
        change[i] += Math.abs(out[3 * i + c] - in[3 * i + c]) / 3;
      }
      sum += change[i];
      most = change[i] > change[most] ? i : most;
    }
    String caption =
        String.format(
            Locale.ROOT,
            "changed by %.1f of 255 on average, most by %.0f in column %d, row %d",
            255 * sum / change.length,
            255 * change[most],
            most % side,
            most / side);
    return Pixmap.heat(change, side, side, 2).figure(caption, 2);
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static float[] means(float[] map, int channels) {
    double[] sums = new double[channels];
    for (int i = 0; i < map.length; i++) {
      sums[i % channels] += map[i];
    }
    float[] means = new float[channels];
    for (int c = 0; c < channels; c++) {
      means[c] = (float) (sums[c] * channels / map.length);
    }
    return means;
  }

  /// The denoised image and other values of one run.
  private Map<Value, float[]> run(Mode mode, Subject subject, List<Value> others) {
    Set<Value> roots = new LinkedHashSet<>(List.of(model.denoised()));
    roots.addAll(others);
    Map<Value, float[]> values = new HashMap<>();
    try (Plan plan =
        new PlanDraft(model.graph(), List.copyOf(roots), mode, backend, 1).open(parameters)) {
      plan.upload(model.noisy(), subject.rgb, 1);
      plan.forward(1);
      for (Value root : roots) {
        float[] of = new float[root.shape().size()];
        plan.download(root, of, 0);
        values.put(root, of);
      }
    }
    return values;
  }

  private void receptiveField(Subject subject) {
    ReceptiveField field = ReceptiveField.of(network, parameters, backend, subject.rgb, side);
    int reach = network.reach(1);
    page.section(
        "Effective receptive field",
        "How much an output pixel in the middle changes with each input pixel around it: the size of"
            + " the gradient, by the backward pass on the first picture, its fourth root from black"
            + " over red to white. The layers would let it see "
            + reach
            + " pixels far.");
    int shown = Math.min(field.reach(), Math.max(reach, 8));
    int wide = 2 * shown + 1;
    int half = field.within(0.5);
    String caption =
        "half of the gradient within %d pixel%s, 95\u00a0%% within %d, 99\u00a0%% within %d; %d pixels each way are shown"
            .formatted(half, half == 1 ? "" : "s", field.within(0.95), field.within(0.99), shown);
    page.row(
        Pixmap.heat(field.middle(shown), wide, wide, 4).figure(caption, Math.ceilDiv(360, wide)));
  }

  private void filters() {
    Op first =
        model.graph().tape().stream()
            .map(Graph.Entry::op)
            .filter(op -> op instanceof Convolution)
            .findFirst()
            .orElseThrow();
    Param kernel = first.params().getFirst();
    Shape shape = kernel.shape();
    page.section(
        "First layer's filters",
        "As colours: grey is 0, and each filter's largest weight is full. Edges and colours are what"
            + " such layers learn; a filter like noise has learnt nothing.");
    int filters = shape.extent("O");
    int kw = shape.extent("KW");
    page.row(
        Pixmap.filters(parameters.get(kernel.name()), shape.extent("KH"), kw, filters)
            .figure(kernel.name() + ", " + filters + " filters", Math.max(1, 48 / kw)));
  }

  private void activations(Subject subject) {
    List<Value> shown =
        model.graph().tape().stream()
            .filter(entry ->
                entry.op() instanceof Relu
                    || entry.op() instanceof LeakyRelu
                    || entry.op() instanceof Add)
            .map(Graph.Entry::output)
            .filter(value -> value.shape().c() != network.channels())
            .toList();
    Map<Value, float[]> values = run(Mode.PLAIN_INFERENCE, subject, shown);
    page.section(
        "Activations of the first picture",
        "Channel after channel from left to right and down, each from its smallest value, black, to"
            + " its largest, white. A channel that is black throughout is the same everywhere: dead,"
            + " or a constant.");
    List<String> figures = new ArrayList<>();
    for (Value value : shown) {
      Shape shape = value.shape();
      int count = Math.min(MAPS, shape.c());
      String of = count < shape.c() ? count + " of " + shape.c() : "all " + count;
      String caption = "%s: %d×%d, %s channels".formatted(value.name(), shape.h(), shape.w(), of);
      int zoom = Math.max(1, Math.min(4, 32 / shape.w()));
      figures.add(
          Pixmap.channels(values.get(value), shape.h(), shape.w(), shape.c(), count)
              .figure(caption, zoom));
    }
    page.row(figures.toArray(String[]::new));
  }

  private void weights() {
    page.section(
        "Weights",
        "How the weights of each layer are spread, in 41 bars from −largest to largest. Below: how"
            + " many there are, the largest one's size, and the root of their mean square (rms).");
    List<String> figures = new ArrayList<>();
    List<String> zeros = new ArrayList<>();
    for (Param param : parameters.all().values()) {
      if (param.trainable() && param.shape().size() > 1) {
        float[] values = parameters.get(param.name());
        if (distance(values, new float[values.length]) == 0) {
          zeros.add(param.name());
        } else {
          figures.add(Sheet.histogram(param.name(), values));
        }
      }
    }
    page.small(figures);
    if (!zeros.isEmpty()) {
      page.words(
          "Only zeros, as a bias in front of a batch norm stays, which gets no gradient: "
              + String.join(", ", zeros)
              + ".");
    }
  }
}
