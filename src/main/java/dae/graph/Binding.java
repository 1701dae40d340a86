package dae.graph;

import dae.DeviceError;
import dae.kernel.Needs;
import dae.kernel.Pass;
import dae.kernel.Workspace;
import dae.kernel.Write;
import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Takes the memory of a [Layout] and gives each entry its tensors.
final class Binding {
  private final Layout layout;
  private final Parameters parameters;
  private final Feed feed;
  private final List<Storage> arenas;
  private final List<Plan.Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> tensors = new HashMap<>();
  private final Map<Value, Tensor> gradients = new HashMap<>();

  Binding(Layout layout, Parameters parameters, Feed feed) {
    this.layout = layout;
    this.parameters = parameters;
    this.feed = feed;
    arenas = allocate();
    Write[][] writes = writes();
    for (int i = 0; i < writes.length; i++) {
      nodes.add(node(layout.tape.get(i), layout.wants.get(i), writes[i]));
    }
    for (Value input : layout.graph.inputs()) {
      if (layout.values.slots.containsKey(layout.values.home(input))) {
        tensors.put(input, tensor(layout.values, input));
      }
    }
    layout.roots.forEach(root -> tensors.put(root, tensor(layout.values, root)));
    layout.flowing.forEach(value -> gradients.put(value, tensor(layout.slopes, value)));
  }

  private List<Storage> allocate() {
    List<Storage> taken = new ArrayList<>();
    try {
      for (long floats : layout.memory.arenas()) {
        taken.add(layout.backend.allocate(layout.backend.origin() + floats));
      }
      return taken;
    } catch (DeviceError e) {
      taken.forEach(layout.backend::free);
      throw e;
    } catch (OutOfMemoryError e) {
      throw new OutOfMemoryError(
          "plan: expected %d MiB of memory, got a heap of %d MiB — use a smaller batch or image, or give Java more (-Xmx)"
              .formatted(layout.floats() >> 18, Runtime.getRuntime().maxMemory() >> 20));
    }
  }

  /// Who sets an input's gradient, being the first to write it on the way back, and who adds to it.
  private Write[][] writes() {
    Set<Value> written = new HashSet<>();
    Write[][] writes = new Write[layout.tape.size()][];
    for (int i = writes.length - 1; i >= 0; i--) {
      Graph.Entry entry = layout.tape.get(i);
      List<Value> inputs = entry.op().inputs();
      writes[i] = new Write[inputs.size()];
      for (int k = 0; k < writes[i].length && layout.flowing.contains(entry.output()); k++) {
        writes[i][k] = written.add(inputs.get(k)) ? Write.SET : Write.ADD;
      }
    }
    return writes;
  }

  private Plan.Node node(Graph.Entry entry, Layout.Wants wants, Write[] writes) {
    Op op = entry.op();
    int inputs = op.inputs().size();
    boolean returns = layout.flowing.contains(entry.output());
    Tensor[] in = new Tensor[inputs];
    Tensor[] gradIn = new Tensor[inputs];
    boolean[] placed = new boolean[inputs];
    boolean[] sharesGradient = new boolean[inputs];
    for (int k = 0; k < inputs; k++) {
      Value input = op.inputs().get(k);
      in[k] = tensor(layout.values, input);
      gradIn[k] = returns && wants.setup().wants(k) ? tensor(layout.slopes, input) : null;
      placed[k] = layout.values.placed(input, entry.output());
      sharesGradient[k] = layout.slopes.placed(input, entry.output());
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
    Tensor[] saved = new Tensor[wants.saved().size()];
    for (int k = 0; k < saved.length; k++) {
      saved[k] = tensor(wants.saved().get(k), op.saved().get(k));
    }
    Tensor gradOut = returns ? tensor(layout.slopes, entry.output()) : null;
    Step.Roles roles =
        new Step.Roles(
            in,
            tensor(layout.values, entry.output()),
            param,
            saved,
            gradOut,
            gradIn,
            writes,
            placed,
            sharesGradient,
            paramGrad,
            workspaces(wants));
    boolean learns = op.params().stream().anyMatch(Param::trainable);
    boolean passesOn = Arrays.stream(gradIn).anyMatch(Objects::nonNull);
    return new Plan.Node(
        op,
        new Step(layout.backend, layout.mode.training(), feed, roles),
        op.label() + " forward",
        op.label() + " backward",
        op.flops(),
        (double) op.flops() * ((learns ? 1 : 0) + (passesOn ? 1 : 0)),
        Float.BYTES * moved(entry, placed));
  }

  private Map<Pass, Workspace> workspaces(Layout.Wants wants) {
    MemoryPlan.Slot scratch = layout.scratch();
    Map<Pass, Workspace> workspaces = new EnumMap<>(Pass.class);
    for (Map.Entry<Pass, Needs> entry : wants.setup().needs().entrySet()) {
      MemoryPlan.Slot derived = wants.derived().get(entry.getKey());
      workspaces.put(
          entry.getKey(),
          new Workspace(
              scratch == null ? null : vector(scratch, scratch.length),
              derived == null ? null : vector(derived, entry.getValue().derived()),
              parameters::version));
    }
    return workspaces;
  }

  /// Floats that an image's forward pass reads and writes. Of a concatenation, an input that is
  /// placed is not moved, any other is read and written.
  private static double moved(Graph.Entry entry, boolean[] placed) {
    boolean concatenates = entry.op().concatenates();
    double floats = concatenates ? 0 : entry.output().shape().size();
    for (int k = 0; k < placed.length; k++) {
      int size = entry.op().inputs().get(k).shape().size();
      floats += concatenates ? (placed[k] ? 0 : 2 * size) : size;
    }
    return floats;
  }

  private Tensor tensor(Layout.Homes homes, Value value) {
    Value home = homes.home(value);
    Tensor whole = tensor(homes.slots.get(home), home.shape());
    return home == value ? whole : whole.slice(homes.channel(value), value.shape().c());
  }

  private Tensor vector(MemoryPlan.Slot slot, long length) {
    return tensor(slot, Shape.vector(Math.toIntExact(length)));
  }

  private Tensor tensor(MemoryPlan.Slot slot, Shape shape) {
    int offset = Math.toIntExact(layout.backend.origin() + slot.offset);
    return Tensor.dense(arenas.get(slot.arena), offset, shape);
  }

  List<Plan.Node> nodes() {
    return nodes;
  }

  /// Inputs and roots.
  Map<Value, Tensor> tensors() {
    return tensors;
  }

  Map<Value, Tensor> gradients() {
    return gradients;
  }

  /// The memory that was taken.
  List<Storage> arenas() {
    return arenas;
  }
}
