package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.tensor.Check;
import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Lays out a graph for a [PlanDraft]: which entries run, where gradients flow, how long each value
/// lives, and so where it lies. It knows how much memory that takes; a [Binding] takes it.
///
/// Time is counted in moments: entry i runs forward at moment i and backward at the two moments
/// from T + 2(T − 1 − i) on.
final class Layout {
  /// A value that lives as channels `from…` of its home.
  record Place(Value home, int from) {}

  /// What an entry needs besides its values.
  ///
  /// @param setup what it announced
  /// @param saved where its small tensors lie
  /// @param derived where its packed weights lie
  record Wants(Setup setup, List<MemoryPlan.Slot> saved, Map<Pass, MemoryPlan.Slot> derived) {}

  final Graph graph;
  final List<Value> roots;
  final Mode mode;
  final Backend backend;
  final int capacity;
  final List<Graph.Entry> tape;
  final Set<Value> flowing = new HashSet<>();
  final Homes values = new Homes();
  final Homes slopes = new Homes();
  final List<Wants> wants = new ArrayList<>();
  final MemoryPlan memory;
  private final int T;
  private MemoryPlan.Slot scratch;

  Layout(Graph graph, List<Value> roots, Mode mode, Backend backend, int capacity) {
    this.graph = graph;
    this.roots = roots;
    this.mode = mode;
    this.backend = backend;
    this.capacity = capacity;
    memory = new MemoryPlan(backend.granularity(), backend.maxArena());
    List<Graph.Entry> entries = needed(graph.tape(), roots);
    for (Rewrite rewrite : mode.rewrites()) {
      entries = rewrite.apply(entries);
    }
    tape = entries;
    for (Value root : roots) {
      boolean made = tape.stream().anyMatch(entry -> entry.output() == root);
      Check.that(
          made || graph.inputs().contains(root),
          "plan",
          "roots that are made on the tape",
          root + ", which a rewrite has merged into its reader",
          "compile without that rewrite");
    }
    T = tape.size();
    if (mode.training()) {
      flow(roots.getFirst());
    }
    tape.forEach(this::placeInputs);
    tape.forEach(this::shareValue);
    tape.forEach(this::shareGradient);
    live(graph.inputs());
    prepare();
    memory.place();
  }

  /// The entries that the roots depend on.
  private static List<Graph.Entry> needed(List<Graph.Entry> tape, List<Value> roots) {
    Set<Value> wanted = new HashSet<>(roots);
    List<Graph.Entry> entries = new ArrayList<>();
    for (Graph.Entry entry : tape.reversed()) {
      if (wanted.contains(entry.output())) {
        wanted.addAll(entry.op().inputs());
        entries.addFirst(entry);
      }
    }
    return entries;
  }

  /// Marks the values that get a gradient: those between a trainable parameter and the loss.
  private void flow(Value loss) {
    Set<Value> learning = new HashSet<>();
    for (Graph.Entry entry : tape) {
      if (entry.op().params().stream().anyMatch(Param::trainable)
          || entry.op().inputs().stream().anyMatch(learning::contains)) {
        learning.add(entry.output());
      }
    }
    flowing.add(loss);
    for (Graph.Entry entry : tape.reversed()) {
      if (flowing.contains(entry.output())) {
        entry.op().inputs().stream().filter(learning::contains).forEach(flowing::add);
      }
    }
  }

  /// Lets the inputs of a concatenation live inside its output. An input that is read again after
  /// the concatenation stays where it is: its later reader would write the gradient before the
  /// concatenation's readers set it.
  private void placeInputs(Graph.Entry entry) {
    if (!entry.op().concatenates()
        || new HashSet<>(entry.op().inputs()).size() < entry.op().inputs().size()) {
      return;
    }
    int from = 0;
    for (Value input : entry.op().inputs()) {
      boolean made = tape.stream().anyMatch(e -> e.output() == input);
      boolean last = lastReader(input) == entry;
      if (made && last && !values.places.containsKey(input)) {
        values.places.put(input, new Place(entry.output(), from));
        slopes.places.put(input, new Place(entry.output(), from));
      }
      from += input.shape().c();
    }
  }

  /// Lets an op that can do so write its output over an input that nobody reads any more, neither
  /// it nor what lives inside it. Not in training, where the backward pass may.
  private void shareValue(Graph.Entry entry) {
    int shared = entry.op().forwardInPlace();
    if (shared < 0 || mode.training()) {
      return;
    }
    Value input = entry.op().inputs().get(shared);
    boolean made = tape.stream().anyMatch(e -> e.output() == input);
    boolean wanted = roots.stream().anyMatch(root -> values.home(root) == values.home(input));
    if (made && !wanted) {
      share(values, input, entry);
    }
  }

  /// Lets an op that can do so write an input's gradient over its output's, if it is the first to
  /// write it: the others add to what it left.
  private void shareGradient(Graph.Entry entry) {
    int shared = entry.op().backwardInPlace();
    if (shared >= 0 && flowing.contains(entry.op().inputs().get(shared))) {
      share(slopes, entry.op().inputs().get(shared), entry);
    }
  }

  /// Places an input where the output is, if the entry is its last reader and reads it once.
  private void share(Homes homes, Value input, Graph.Entry entry) {
    if (lastReader(input) == entry
        && Collections.frequency(entry.op().inputs(), input) == 1
        && !homes.places.containsKey(input)) {
      homes.places.put(input, new Place(entry.output(), 0));
    }
  }

  private Graph.Entry lastReader(Value value) {
    return tape.reversed().stream()
        .filter(entry -> entry.op().inputs().contains(value))
        .findFirst()
        .orElseThrow();
  }

  /// Where values live, or where their gradients do.
  final class Homes {
    final Map<Value, Place> places = new HashMap<>();
    final Map<Value, MemoryPlan.Slot> slots = new LinkedHashMap<>();

    Value home(Value value) {
      Place place = places.get(value);
      return place == null ? value : home(place.home());
    }

    /// Whether a value lives inside another directly.
    boolean placed(Value value, Value home) {
      Place place = places.get(value);
      return place != null && place.home() == home;
    }

    int channel(Value value) {
      Place place = places.get(value);
      return place == null ? 0 : place.from() + channel(place.home());
    }

    /// The slot of a value's home, opened at the given moment if it is new. Moments must come in
    /// order.
    MemoryPlan.Slot use(Value value, int moment) {
      return slots.computeIfAbsent(
          home(value),
          h -> memory.slot(h.name(), (long) images(h.shape()) * h.shape().size(), moment, moment));
    }
  }

  /// When entry i begins its backward pass. Each takes two moments, so that the gradients of the
  /// second may lie where the values of the first were.
  private int back(int i) {
    return T + 2 * (T - 1 - i);
  }

  private int end() {
    return 3 * T;
  }

  /// Opens a slot for every home and extends it over all uses.
  private void live(List<Value> inputs) {
    for (int i = 0; i < T; i++) {
      Graph.Entry entry = tape.get(i);
      int back = back(i);
      boolean returns = flowing.contains(entry.output());
      for (Value input : entry.op().inputs()) {
        // An input of the graph was uploaded before the run and may be read again after it.
        MemoryPlan.Slot slot =
            inputs.contains(input) ? values.use(input, -1) : values.use(input, i);
        slot.use(inputs.contains(input) ? end() : i);
        if (returns && entry.op().keeps().inputs()) {
          slot.use(entry.op().gradientsLast() ? back : back + 1);
        }
      }
      MemoryPlan.Slot out = values.use(entry.output(), i);
      if (returns && entry.op().keeps().output()) {
        out.use(back + 1);
      }
    }
    for (Value root : roots) {
      values.use(root, inputs.contains(root) ? -1 : T).use(end());
    }
    for (int i = T - 1; i >= 0; i--) {
      Graph.Entry entry = tape.get(i);
      int back = back(i);
      if (flowing.contains(entry.output())) {
        slopes.use(entry.output(), back).use(back + 1);
        int first = entry.op().gradientsLast() ? back + 1 : back;
        entry.op().inputs().stream()
            .filter(flowing::contains)
            .forEach(input -> slopes.use(input, first).use(back + 1));
      }
    }
  }

  private int images(Shape shape) {
    return shape.isImage() ? capacity : 1;
  }

  /// Asks every entry what its kernels need.
  private void prepare() {
    long scratchFloats = 0;
    for (Graph.Entry entry : tape) {
      Op op = entry.op();
      boolean[] wanted = new boolean[op.inputs().size()];
      for (int k = 0; k < wanted.length; k++) {
        wanted[k] = flowing.contains(op.inputs().get(k));
      }
      Setup setup = new Setup(backend, capacity, mode.training(), wanted);
      op.prepare(setup);
      List<MemoryPlan.Slot> saved =
          op.saved().stream()
              .map(s -> memory.slot(op.label(), (long) images(s) * s.size(), -1, end()))
              .toList();
      Map<Pass, MemoryPlan.Slot> derived = new EnumMap<>(Pass.class);
      for (Map.Entry<Pass, Needs> needs : setup.needs().entrySet()) {
        scratchFloats = Math.max(scratchFloats, needs.getValue().scratch());
        if (needs.getValue().derived() > 0) {
          derived.put(
              needs.getKey(), memory.slot(op.label(), needs.getValue().derived(), -1, end()));
        }
      }
      wants.add(new Wants(setup, saved, derived));
    }
    scratch = scratchFloats == 0 ? null : memory.slot("scratch", scratchFloats, -1, end());
  }

  /// What all kernels that want it share; null where none does.
  MemoryPlan.Slot scratch() {
    return scratch;
  }

  /// Floats of all arenas together.
  long floats() {
    return memory.arenas().stream().mapToLong(Long::longValue).sum();
  }
}
