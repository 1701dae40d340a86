package dae.kernel;

import dae.UserError;
import dae.kernel.opencl.ClBackend;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.SimdBackend;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// The backends under test. A new backend joins every test by one line in [#fast].
///
/// OpenCL tests take the first GPU or else the first device, or the one that the system property
/// `device` names. Where there is none they are skipped and say why, unless the environment says
/// `DAE_OPENCL=required`. `-Dbackends=opencl` leaves the others out: the proof of one device.
public record TestBackends(String name, Supplier<Backend> opener) {
  /// The definition.
  public static TestBackends scalar() {
    return new TestBackends("scalar", ScalarBackend::new);
  }

  /// The Vector API on this many threads.
  public static TestBackends simd(int threads) {
    return new TestBackends(
        "simd, " + SimdBackend.laneBits() + " bits, threads: " + threads,
        () -> new SimdBackend(threads));
  }

  /// An OpenCL device.
  public static TestBackends openCl() {
    return new TestBackends("opencl", TestBackends::openDevice);
  }

  private static Backend openDevice() {
    try {
      return ClBackend.open(System.getProperty("device", ""), Assertions::fail);
    } catch (UserError e) {
      if ("required".equals(System.getenv("DAE_OPENCL"))) {
        throw e;
      }
      return Assumptions.abort(e.getMessage());
    }
  }

  /// Everything that is proved against the definition.
  public static Stream<TestBackends> fast() {
    return asked(simd(1), simd(2), simd(3), openCl());
  }

  /// Those whose memory is Java arrays.
  public static Stream<TestBackends> onHeap() {
    return Stream.of(scalar(), simd(1), simd(2));
  }

  /// What tests of ops and plans run on.
  public static Stream<TestBackends> all() {
    return asked(scalar(), simd(1), simd(2), openCl());
  }

  private static Stream<TestBackends> asked(TestBackends... backends) {
    String prefix = System.getProperty("backends", "");
    return Stream.of(backends).filter(backend -> backend.name.startsWith(prefix));
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
