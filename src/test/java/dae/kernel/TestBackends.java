package dae.kernel;

import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.SimdBackend;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The backends under test. A new backend joins every test by one line in [#fast].
public record TestBackends(String name, Supplier<Backend> opener) {
  /// The definition.
  public static TestBackends scalar() {
    return new TestBackends("scalar", ScalarBackend::new);
  }

  /// The Vector API on so many threads.
  public static TestBackends simd(int threads) {
    return new TestBackends(
        "simd, " + SimdBackend.laneBits() + " bits, threads: " + threads,
        () -> new SimdBackend(threads));
  }

  /// Everything that is proved against the definition.
  public static Stream<TestBackends> fast() {
    return Stream.of(simd(1), simd(2), simd(3));
  }

  /// What tests of ops and plans run on.
  public static Stream<TestBackends> all() {
    return Stream.of(scalar(), simd(1), simd(2));
  }

  /// A fresh one, to be closed.
  public Backend open() {
    return opener.get();
  }

  @Override
  public String toString() {
    return name;
  }
}
