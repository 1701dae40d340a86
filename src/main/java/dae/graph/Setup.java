package dae.graph;

import dae.kernel.Backend;
import dae.kernel.Conv2dSpec;
import dae.kernel.Needs;
import dae.kernel.Pass;
import java.util.EnumMap;
import java.util.Map;

/// An op's chance to announce its kernels while a plan is compiled.
public final class Setup {
  private final Backend backend;
  private final int capacity;
  private final boolean training;
  private final boolean[] wants;
  private final Map<Pass, Needs> needs = new EnumMap<>(Pass.class);

  Setup(Backend backend, int capacity, boolean training, boolean[] wants) {
    this.backend = backend;
    this.capacity = capacity;
    this.training = training;
    this.wants = wants;
  }

  public boolean training() {
    return training;
  }

  /// The most images of one call.
  public int capacity() {
    return capacity;
  }

  /// Whether input i wants a gradient.
  public boolean wants(int i) {
    return wants[i];
  }

  public Backend backend() {
    return backend;
  }

  /// Announces one product of a convolution; its workspace will be at [Step#workspace].
  public void product(Conv2dSpec spec, Pass pass) {
    needs.put(pass, backend.conv().needs(spec, pass, capacity));
  }

  Map<Pass, Needs> needs() {
    return needs;
  }
}
