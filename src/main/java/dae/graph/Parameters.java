package dae.graph;

import dae.file.Stateful;
import dae.file.Tensors;
import dae.kernel.Backend;
import dae.tensor.Shape;
import dae.tensor.Storage;
import dae.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The weights and moving statistics of a model: made once, shared by all its plans. The trainable
/// ones lie side by side, and their gradients in the same order, so that the optimiser is one loop
/// over two stretches of memory.
public final class Parameters implements Stateful, AutoCloseable {
  private final Backend backend;
  private final Map<String, Param> params = new LinkedHashMap<>();
  private final Map<String, Tensor> values = new LinkedHashMap<>();
  private final Map<String, Tensor> gradients = new LinkedHashMap<>();
  private final Tensor trainable;
  private final Tensor statistics;
  private Tensor gradient;
  private long version;

  /// Allocates and initialises.
  ///
  /// @param params the parameters of a graph
  /// @param seed seed of the initialisers
  public Parameters(List<Param> params, Backend backend, long seed) {
    this.backend = backend;
    List<Param> learnt = params.stream().filter(Param::trainable).toList();
    List<Param> kept = params.stream().filter(param -> !param.trainable()).toList();
    trainable = lay(learnt, values);
    statistics = lay(kept, values);
    for (int i = 0; i < params.size(); i++) {
      Param param = params.get(i);
      this.params.put(param.name(), param);
      float[] values = new float[param.shape().size()];
      param.init().fill(values, seed, i);
      set(param.name(), values);
    }
  }

  /// Gives each parameter its place in one fresh storage and returns the whole of it.
  private Tensor lay(List<Param> params, Map<String, Tensor> places) {
    List<Integer> offsets = new ArrayList<>();
    long length = 0;
    for (Param param : params) {
      offsets.add(Math.toIntExact(length));
      int unit = backend.granularity();
      length += (long) Math.ceilDiv(param.shape().size(), unit) * unit;
    }
    Storage storage = backend.allocate(Math.max(1, length));
    for (int i = 0; i < params.size(); i++) {
      Param param = params.get(i);
      places.put(param.name(), Tensor.dense(storage, offsets.get(i), param.shape()));
    }
    return Tensor.dense(storage, 0, Shape.vector(Math.toIntExact(Math.max(1, length))));
  }

  /// The values of a parameter of this or of another graph of the same model.
  public Tensor value(Param param) {
    Tensor value = values.get(param.name());
    if (value == null || !value.shape().equals(param.shape())) {
      throw new IllegalArgumentException(
          "parameter "
              + param.name()
              + ": expected "
              + param.shape()
              + ", got "
              + (value == null ? "none of that name" : value.shape())
              + " — compile the graph with parameters of its own model");
    }
    return value;
  }

  /// The gradient of a trainable parameter.
  public Tensor gradient(Param param) {
    gradients();
    return gradients.get(param.name());
  }

  /// All trainable values as one vector.
  public Tensor trainable() {
    return trainable;
  }

  /// All values that ops keep and the optimiser does not change, the moving statistics, as one
  /// vector.
  public Tensor statistics() {
    return statistics;
  }

  /// The gradients of all trainable values as one vector; allocated when first asked for.
  public Tensor gradients() {
    if (gradient == null) {
      gradient = lay(params.values().stream().filter(Param::trainable).toList(), gradients);
    }
    return gradient;
  }

  /// Parameters by name, in the order of the model.
  public Map<String, Param> all() {
    return java.util.Collections.unmodifiableMap(params);
  }

  private Tensor named(String name) {
    Tensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + ": expected a name of this model, got an unknown one — all() lists them");
    }
    return value;
  }

  /// A copy of the values of the named parameter.
  public float[] get(String name) {
    Tensor parameter = named(name);
    float[] values = new float[parameter.shape().size()];
    backend.download(parameter, 1, values, 0);
    return values;
  }

  /// Replaces the values of the named parameter.
  public void set(String name, float[] values) {
    Tensor parameter = named(name);
    if (values.length != parameter.shape().size()) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + ": expected "
              + parameter.shape()
              + ", got "
              + values.length
              + " values");
    }
    backend.upload(values, 0, parameter, 1);
    changed();
  }

  /// The same parameters with the same values in memory of their own.
  public Parameters copy() {
    Parameters copy = new Parameters(List.copyOf(params.values()), backend, 0);
    copy.copyFrom(this);
    return copy;
  }

  /// Copies all values of another set of the same parameters.
  public void copyFrom(Parameters other) {
    copy(other.trainable, trainable);
    copy(other.statistics, statistics);
    changed();
  }

  private void copy(Tensor from, Tensor to) {
    float[] values = new float[from.shape().size()];
    backend.download(from, 1, values, 0);
    backend.upload(values, 0, to, 1);
  }

  @Override
  public void save(Tensors to) {
    params.forEach((name, param) -> to.put(name, param.shape().extents(), get(name)));
  }

  @Override
  public void restore(Tensors from) {
    params.forEach((name, param) -> set(name, from.get(name, param.shape().extents())));
  }

  /// To be called after the trainable values were changed in place.
  public void changed() {
    version++;
  }

  /// Changes whenever the values do; packed weights carry the version they were made from.
  public long version() {
    return version;
  }

  /// Gives the memory back; no plan may use it any more.
  @Override
  public void close() {
    backend.free(trainable.storage());
    backend.free(statistics.storage());
    if (gradient != null) {
      backend.free(gradient.storage());
    }
  }
}
