package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Check;
import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compiles a graph for a [Plan]: which entries run, where gradients flow, how long each number
/// lives, and so where it lies.
///
/// Time is counted in moments: entry i runs forward at moment i and backward at the two moments
/// from T + 2(T − 1 − i) on.
///
/// Made, it knows how much memory that takes ([#floats]); only [#bind] takes it.
final class Layout {
  /// A value that lives as channels `from…` of its home.
  private record Place(Value home, int from) {}

  private final Plan plan;
  private final Graph graph;
  private final List<Value> roots;
  private final List<Graph.Entry> tape;
  private final int T;
  private final boolean training;
  private final Set<Value> flowing = new HashSet<>();
  private final Homes values = new Homes();
  private final Homes slopes = new Homes();
  private final List<Plan.Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> tensors = new HashMap<>();
  private final Map<Value, Tensor> gradients = new HashMap<>();
  private final MemoryPlan memory;
  private final List<Setup> setups = new ArrayList<>();
  private final List<List<MemoryPlan.Slot>> saved = new ArrayList<>();
  private final List<Map<Pass, MemoryPlan.Slot>> derived = new ArrayList<>();
  private MemoryPlan.Slot scratch;
  private List<Storage> arenas;
  private Parameters parameters;

  Layout(Graph graph, List<Value> roots, Plan plan, List<Rewrite> rewrites) {
    this.plan = plan;
    this.graph = graph;
    this.roots = roots;
    Backend backend = plan.backend();
    training = plan.mode() == Plan.Mode.TRAINING;
    memory = new MemoryPlan(backend.granularity(), backend.maxArena());
    List<Graph.Entry> entries = needed(graph.tape(), roots);
    for (Rewrite rewrite : rewrites) {
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
    if (training) {
      flow(roots.getFirst());
    }
    tape.forEach(this::placeInputs);
    tape.forEach(this::shareGradient);
    live(graph.inputs());
    prepare(backend);
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
      boolean last =
          tape.reversed().stream()
                  .filter(e -> e.op().inputs().contains(input))
                  .findFirst()
                  .orElseThrow()
              == entry;
      if (made && last && !values.places.containsKey(input)) {
        values.places.put(input, new Place(entry.output(), from));
        slopes.places.put(input, new Place(entry.output(), from));
      }
      from += input.shape().c();
    }
  }

  /// Lets an op that can do so write its input's gradient over its output's, if nobody else adds to
  /// the former.
  private void shareGradient(Graph.Entry entry) {
    if (entry.op().backwardInPlace()) {
      Value input = entry.op().inputs().getFirst();
      long readers = tape.stream().filter(e -> e.op().inputs().contains(input)).count();
      if (readers == 1 && flowing.contains(input) && !slopes.places.containsKey(input)) {
        slopes.places.put(input, new Place(entry.output(), 0));
      }
    }
  }

  /// Where values live, or where their gradients do.
  private final class Homes {
    final Map<Value, Place> places = new HashMap<>();
    final Map<Value, MemoryPlan.Slot> slots = new LinkedHashMap<>();

    Value home(Value value) {
      Place place = places.get(value);
      return place == null ? value : home(place.home());
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

    Tensor tensor(Value value) {
      Value home = home(value);
      Tensor whole = Layout.this.tensor(slots.get(home), home.shape());
      return home == value ? whole : whole.slice(channel(value), value.shape().c());
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
        // What nothing on the tape made was uploaded before the run and may be read again after it.
        MemoryPlan.Slot slot =
            inputs.contains(input) ? values.use(input, -1) : values.use(input, i);
        slot.use(inputs.contains(input) ? end() : i);
        if (returns && entry.op().keeps() == Op.Keeps.INPUTS) {
          slot.use(entry.op().gradientsLast() ? back : back + 1);
        }
      }
      MemoryPlan.Slot out = values.use(entry.output(), i);
      if (returns && entry.op().keeps() == Op.Keeps.OUTPUT) {
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
    return shape.isImage() ? plan.capacity() : 1;
  }

  /// Asks every entry what its kernels need.
  private void prepare(Backend backend) {
    long scratchFloats = 0;
    for (Graph.Entry entry : tape) {
      Op op = entry.op();
      boolean[] wants = new boolean[op.inputs().size()];
      for (int k = 0; k < wants.length; k++) {
        wants[k] = flowing.contains(op.inputs().get(k));
      }
      Setup setup = new Setup(backend, plan.capacity(), training, wants);
      op.prepare(setup);
      setups.add(setup);
      saved.add(
          op.saved().stream().map(s -> memory.slot(op.label(), s.size(), -1, end())).toList());
      Map<Pass, MemoryPlan.Slot> packed = new EnumMap<>(Pass.class);
      for (Map.Entry<Pass, Needs> needs : setup.needs().entrySet()) {
        scratchFloats = Math.max(scratchFloats, needs.getValue().scratch());
        if (needs.getValue().derived() > 0) {
          packed.put(
              needs.getKey(), memory.slot(op.label(), needs.getValue().derived(), -1, end()));
        }
      }
      derived.add(packed);
    }
    scratch = scratchFloats == 0 ? null : memory.slot("scratch", scratchFloats, -1, end());
  }

  /// Allocates, and gives each entry its tensors.
  void bind(Parameters parameters, Backend backend) {
    this.parameters = parameters;
    try {
      arenas =
          memory.arenas().stream()
              .map(floats -> backend.allocate(backend.origin() + floats))
              .toList();
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          "plan: expected %d MiB of memory, got a heap of %d MiB — use a smaller batch or image, or give Java more (-Xmx)"
              .formatted(floats() >> 18, Runtime.getRuntime().maxMemory() >> 20));
    }

    Set<Value> written = new HashSet<>();
    Write[][] writes = new Write[T][];
    for (int i = T - 1; i >= 0; i--) {
      List<Value> inputs = tape.get(i).op().inputs();
      writes[i] = new Write[inputs.size()];
      for (int k = 0; k < writes[i].length && flowing.contains(tape.get(i).output()); k++) {
        writes[i][k] = written.add(inputs.get(k)) ? Write.SET : Write.ADD;
      }
    }
    for (int i = 0; i < T; i++) {
      nodes.add(node(tape.get(i), setups.get(i), saved.get(i), derived.get(i), writes[i]));
    }
    for (Value input : graph.inputs()) {
      if (values.slots.containsKey(values.home(input))) {
        tensors.put(input, values.tensor(input));
      }
    }
    roots.forEach(root -> tensors.put(root, values.tensor(root)));
    flowing.forEach(value -> gradients.put(value, slopes.tensor(value)));
  }

  private Plan.Node node(
      Graph.Entry entry,
      Setup setup,
      List<MemoryPlan.Slot> savedSlots,
      Map<Pass, MemoryPlan.Slot> derived,
      Write[] writes) {
    Op op = entry.op();
    int inputs = op.inputs().size();
    boolean returns = flowing.contains(entry.output());
    Tensor[] in = new Tensor[inputs];
    Tensor[] gradIn = new Tensor[inputs];
    boolean[] placed = new boolean[inputs];
    for (int k = 0; k < inputs; k++) {
      Value input = op.inputs().get(k);
      in[k] = values.tensor(input);
      gradIn[k] = returns && setup.wants(k) ? slopes.tensor(input) : null;
      Place place = values.places.get(input);
      placed[k] = place != null && place.home() == entry.output();
    }
    int params = op.params().size();
    Tensor[] param = new Tensor[params];
    Tensor[] paramGrad = new Tensor[params];
    for (int k = 0; k < params; k++) {
      param[k] = parameters.value(op.params().get(k));
      paramGrad[k] =
          returns && op.params().get(k).trainable()
              ? parameters.gradient(op.params().get(k))
              : null;
    }
    Tensor[] saved = new Tensor[savedSlots.size()];
    for (int k = 0; k < saved.length; k++) {
      saved[k] = tensor(savedSlots.get(k), op.saved().get(k));
    }
    Map<Pass, Workspace> workspaces = new EnumMap<>(Pass.class);
    setup
        .needs()
        .forEach((pass, needs) ->
            workspaces.put(
                pass,
                new Workspace(
                    scratch == null ? null : vector(scratch, scratch.length),
                    derived.containsKey(pass) ? vector(derived.get(pass), needs.derived()) : null,
                    parameters::version)));
    Tensor gradOut = returns ? slopes.tensor(entry.output()) : null;
    Step step =
        new Step(
            plan,
            new Step.Roles(
                in,
                values.tensor(entry.output()),
                param,
                saved,
                gradOut,
                gradIn,
                writes,
                placed,
                paramGrad,
                workspaces));
    double floats = op.concatenates() ? 0 : entry.output().shape().size();
    for (int k = 0; k < inputs; k++) {
      int size = op.inputs().get(k).shape().size();
      // Of a concatenation, an input that is placed is not moved, any other is read and written.
      floats += op.concatenates() ? (placed[k] ? 0 : 2 * size) : size;
    }
    boolean learns = op.params().stream().anyMatch(Param::trainable);
    boolean passesOn = java.util.Arrays.stream(gradIn).anyMatch(java.util.Objects::nonNull);
    double backFlops = (double) op.flops() * ((learns ? 1 : 0) + (passesOn ? 1 : 0));
    return new Plan.Node(
        op,
        step,
        op.label() + " forward",
        op.label() + " backward",
        op.flops(),
        backFlops,
        4 * floats);
  }

  private Tensor vector(MemoryPlan.Slot slot, long length) {
    return tensor(slot, Shape.vector(Math.toIntExact(length)));
  }

  private Tensor tensor(MemoryPlan.Slot slot, Shape shape) {
    int offset = Math.toIntExact(plan.backend().origin() + slot.offset);
    return Tensor.dense(arenas.get(slot.arena), offset, shape);
  }

  List<Plan.Node> nodes() {
    return nodes;
  }

  Map<Value, Tensor> tensors() {
    return tensors;
  }

  Map<Value, Tensor> gradients() {
    return gradients;
  }

  /// The memory that [#bind] took.
  List<Storage> arenas() {
    return arenas;
  }

  /// Floats of all arenas together.
  long floats() {
    return memory.arenas().stream().mapToLong(Long::longValue).sum();
  }
}
