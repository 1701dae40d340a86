package dae.graph;

import dae.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The tape while it is being recorded: calling an op's factory appends one entry.
public final class Graph {
  /// One entry: an op and the value it makes.
  public record Entry(Op op, Value output) {}

  private final List<Entry> tape = new ArrayList<>();
  private final List<Value> inputs = new ArrayList<>();
  private final Map<String, Param> params = new HashMap<>();

  /// Declares a tensor that the caller uploads before each run.
  public Value input(String name, Shape shape) {
    Value value = new Value(this, name, shape);
    inputs.add(value);
    return value;
  }

  /// Declares images that the caller feeds as bytes before each run.
  public Bytes bytes(String name, Shape shape) {
    return new Bytes(this, name, shape);
  }

  /// Appends an op and returns what it makes.
  public Value add(Op op) {
    for (Value input : op.inputs()) {
      if (input.graph() != this) {
        throw new IllegalArgumentException(
            op.label() + ": expected inputs of one graph, got " + input + " of another");
      }
    }
    for (Param param : op.params()) {
      if (params.put(param.name(), param) != null) {
        throw new IllegalArgumentException(
            op.label() + ": expected a new parameter name, got " + param.name() + " again");
      }
    }
    Value output = new Value(this, op.label(), op.output());
    tape.add(new Entry(op, output));
    return output;
  }

  /// The entries in the order of recording.
  public List<Entry> tape() {
    return Collections.unmodifiableList(tape);
  }

  public List<Value> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /// All parameters in the order of recording.
  public List<Param> params() {
    return tape.stream().flatMap(entry -> entry.op().params().stream()).toList();
  }
}
