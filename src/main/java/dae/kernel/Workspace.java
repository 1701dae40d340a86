package dae.kernel;

import dae.tensor.Tensor;
import java.util.function.LongSupplier;

/// The memory that a kernel asked for with [Needs], and the knowledge whether its derived part is
/// still good.
public final class Workspace {
  private final Tensor scratch;
  private final Tensor derived;
  private final LongSupplier version;
  private long derivedVersion = Long.MIN_VALUE;

  /// @param scratch shared scratch floats, or null
  /// @param derived floats for the packed weights, or null
  /// @param version a number that changes whenever the weights do
  public Workspace(Tensor scratch, Tensor derived, LongSupplier version) {
    this.scratch = scratch;
    this.derived = derived;
    this.version = version;
  }

  public Tensor scratch() {
    return scratch;
  }

  public Tensor derived() {
    return derived;
  }

  /// Whether the weights have changed since the last call that answered true: the caller then
  /// derives its packed form again.
  public boolean stale() {
    long now = version.getAsLong();
    boolean stale = now != derivedVersion;
    derivedVersion = now;
    return stale;
  }
}
