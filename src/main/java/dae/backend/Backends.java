package dae.backend;

import com.sun.management.HotSpotDiagnosticMXBean;
import dae.UserError;
import dae.kernel.Backend;
import dae.kernel.opencl.Devices;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// Opens backends by name: `simd` (the Vector API, all threads), `scalar` (the definition, one
/// thread), or `auto`, the faster of the two that this JVM can run well.
public final class Backends {
  private Backends() {}

  /// As [#open(String, int, Consumer)], with the warning going to stderr.
  public static Backend open(String choice, int threads) {
    return open(choice, threads, line -> System.err.println("warning: " + line));
  }

  /// Opens a backend.
  ///
  /// @param choice `auto`, `simd` or `scalar`
  /// @param threads how many threads compute
  /// @param warning hears one line when the SIMD backend cannot be had, or will be slow
  /// @throws UserError if there is no such backend
  public static Backend open(String choice, int threads, Consumer<String> warning) {
    if (threads < 1) {
      throw new UserError("threads: expected at least 1, got " + threads + " — change --threads");
    }
    switch (choice) {
      case "scalar" -> {
        return new ScalarBackend();
      }
      case "auto", "simd" -> {
        Optional<String> obstacle = obstacle();
        boolean possible = hasVectors() && (obstacle.isEmpty() || choice.equals("simd"));
        if (!possible && choice.equals("simd")) {
          throw new UserError("backend: expected one that runs, got simd: " + obstacle.get());
        }
        obstacle.ifPresent(reason ->
            warning.accept(
                (possible ? "the SIMD backend will be slow: " : "taking the slow scalar backend: ")
                    + reason));
        return possible ? new SimdBackend(threads) : new ScalarBackend();
      }
      default ->
          throw new UserError(
              "backend: expected auto, simd or scalar, got '" + choice + "' — change --backend");
    }
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /// Why the Vector API would be missing or many times slower: without C2 each vector operation is
  /// a call that allocates, and without FMA in hardware each `fma` is done in BigDecimal.
  private static Optional<String> obstacle() {
    if (!hasVectors()) {
      return Optional.of("start Java with --add-modules jdk.incubator.vector");
    }
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null) {
      return Optional.of("it needs a HotSpot JVM, as OpenJDK's");
    }
    if (System.getProperty("java.vm.info", "").startsWith("interpreted")
        || !jvm.getVMOption("TieredStopAtLevel").getValue().equals("4")) {
      return Optional.of("it needs the C2 compiler — start Java without -Xint or -client");
    }
    if (!jvm.getVMOption("UseFMA").getValue().equals("true")) {
      return Optional.of("this processor has no fused multiply-add, or Java may not use it");
    }
    return Optional.empty();
  }

  /// Measured GFLOP/s of fused multiply-adds in registers; empty where vectors are slow or missing.
  public static OptionalDouble multiplyAddPeak(int threads) {
    return obstacle().isPresent()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Peak.fusedMultiplyAdds(threads));
  }

  /// Measured GB/s of copying between arrays larger than any cache; empty as above.
  public static OptionalDouble copyPeak(int threads) {
    return obstacle().isPresent() ? OptionalDouble.empty() : OptionalDouble.of(Peak.copy(threads));
  }

  /// The OpenCL devices of this machine, one line each, or a line that says why there is none.
  public static List<String> openClDevices() {
    return Devices.describe();
  }
}
