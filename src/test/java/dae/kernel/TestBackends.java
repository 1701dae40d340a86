package dae.kernel;

import dae.kernel.scalar.ScalarBackend;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The backends under test. A new backend joins every test by one line in [#fast].
public record TestBackends(String name, Supplier<Backend> opener) {
  private static final TestBackends SCALAR = new TestBackends("scalar", ScalarBackend::new);

  /// The definition.
  public static TestBackends scalar() {
    return SCALAR;
  }

  /// Everything that is proved against the definition.
  public static Stream<TestBackends> fast() {
    return Stream.of(SCALAR);
  }

  /// One of each kind: what tests of ops and plans run on.
  public static Stream<TestBackends> all() {
    return Stream.of(SCALAR);
  }

  /// A fresh one, to be closed. Skips the test, with the reason, where the machine cannot run it.
  public Backend open() {
    return opener.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
