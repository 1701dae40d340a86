package dae.backend;

import com.sun.management.HotSpotDiagnosticMXBean;
import dae.Printable;
import dae.UserError;
import dae.kernel.Backend;
import dae.kernel.opencl.ClBackend;
import dae.kernel.opencl.Devices;
import dae.kernel.opencl.SignalChaining;
import dae.kernel.scalar.ScalarBackend;
import dae.kernel.simd.Peak;
import dae.kernel.simd.SimdBackend;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// Opens backends by name: `scalar` (the definition, one thread), `simd` (the Vector API, all
/// threads), `opencl` with a platform and a device where there are several (`opencl:0.1`), or
/// `auto`, the fastest on the machine: a GPU that computes correctly and beats SIMD in a short
/// trial, or else SIMD, or scalar where this JVM cannot run that well.
///
/// OpenCL devices are listed and tried in a process of their own, with a time limit, and the answer
/// is kept. A driver is loaded into this process only when one of its devices is opened. A program
/// of your own that should use one on Linux starts with `LD_PRELOAD=$JAVA_HOME/lib/libjsig.so`, as
/// the launcher does for the engine: without it a driver may replace the JVM's handler of SIGSEGV,
/// and the process can die at a null check, without a word. `auto` then leaves devices alone and
/// says so; `opencl` takes you at your word.
///
/// @since 0.1.0
public final class Backends {
  private static final String OPENCL = "opencl";

  private Backends() {}

  /// As [#open(String, int, Consumer)], with the notes going to stderr.
  public static Backend open(String choice, int threads) {
    return open(choice, threads, line -> System.err.println(Printable.line(line)));
  }

  /// Opens a backend.
  ///
  /// @param choice `auto`, `scalar`, `simd`, `opencl`, `opencl:<platform>` or
  ///   `opencl:<platform>.<device>`
  /// @param threads how many threads compute, where threads do
  /// @param note hears a line when a choice was made, or something is slower than it might be
  /// @throws UserError if there is no such backend, or the device does not compute correctly
  public static Backend open(String choice, int threads, Consumer<String> note) {
    if (threads < 1) {
      throw new UserError("threads: expected at least 1, got " + threads + " — change --threads");
    }
    return switch (choice) {
      case "scalar" -> new ScalarBackend();
      case "simd" -> simd(threads, note);
      case "auto" -> auto(threads, note);
      case OPENCL -> openCl("", note);
      default -> {
        if (choice.startsWith(OPENCL + ":")) {
          yield openCl(choice.substring(OPENCL.length() + 1), note);
        }
        throw new UserError(
            "backend: expected auto, scalar, simd, opencl or opencl:<platform>.<device>, got '"
                + choice
                + "' — change --backend");
      }
    };
  }

  private static Backend simd(int threads, Consumer<String> note) {
    Optional<String> obstacle = obstacle();
    if (!hasVectors()) {
      throw new UserError("backend: expected one that runs, got simd: " + obstacle.orElseThrow());
    }
    obstacle.ifPresent(reason -> note.accept("warning: the SIMD backend will be slow: " + reason));
    return new SimdBackend(threads);
  }

  private static ClBackend openCl(String selector, Consumer<String> note) {
    ClBackend device = ClBackend.open(selector, line -> note.accept("warning: " + line));
    try {
      SelfTest.run(device);
      return device;
    } catch (UserError e) {
      device.close();
      throw e;
    }
  }

  private static Backend auto(int threads, Consumer<String> note) {
    Backend processor = processor(threads, note);
    Optional<String> gpu = Devices.promising();
    if (gpu.isEmpty()) {
      return processor;
    }
    if (!SignalChaining.active()) {
      note.accept(
          "auto    %s: opencl:%s is left alone, because its driver might take the JVM's signals — start Java with LD_PRELOAD=%s"
              .formatted(
                  processor.name(),
                  gpu.get(),
                  SignalChaining.library().map(Path::toString).orElse("…/libjsig.so")));
      return processor;
    }
    Trial.Verdict verdict = Trial.of(gpu.get(), threads);
    if (!verdict.refusal().isEmpty()) {
      note.accept("auto    " + processor.name() + ": " + verdict.refusal());
      return processor;
    }
    boolean faster = verdict.ratio() > 1;
    String comparison =
        "auto    %s: %s %.1f times as fast as %s in a trial"
            .formatted(
                faster ? verdict.device() : processor.name(),
                verdict.device(),
                verdict.ratio(),
                verdict.processor());
    if (!faster) {
      note.accept(comparison);
      return processor;
    }
    try {
      Backend device = openCl(gpu.get(), note);
      note.accept(comparison);
      processor.close();
      return device;
    } catch (UserError e) {
      note.accept("auto    " + processor.name() + ": " + e.getMessage());
      return processor;
    }
  }

  /// The fastest that needs no device: SIMD, or scalar where this JVM cannot run that well.
  public static Backend processor(int threads, Consumer<String> note) {
    Optional<String> obstacle = obstacle();
    obstacle.ifPresent(reason -> note.accept("warning: taking the slow scalar backend: " + reason));
    return obstacle.isEmpty() ? new SimdBackend(threads) : new ScalarBackend();
  }

  /// Finds the fastest tile of every product of a device's plans, and keeps them for later starts.
  ///
  /// @param backend an OpenCL one
  /// @param images per call
  /// @param announce compiles the plans, or asks how large they would be
  /// @param line hears the table as it grows
  public static void tune(Backend backend, int images, Runnable announce, Consumer<String> line) {
    ((ClBackend) backend).tune(images, announce, line);
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
      return Optional.of("it needs a HotSpot JVM, such as OpenJDK's");
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
  ///
  /// @param threads how many compute, where threads do
  public static OptionalDouble multiplyAddPeak(Backend backend, int threads) {
    return switch (backend) {
      case ClBackend device -> OptionalDouble.of(device.multiplyAddPeak());
      case SimdBackend simd when obstacle().isEmpty() ->
          OptionalDouble.of(Peak.fusedMultiplyAdds(threads));
      default -> OptionalDouble.empty();
    };
  }

  /// Measured GB/s of copying what no cache holds; empty as above.
  public static OptionalDouble copyPeak(Backend backend, int threads) {
    return switch (backend) {
      case ClBackend device -> OptionalDouble.of(device.copyPeak());
      case SimdBackend simd when obstacle().isEmpty() -> OptionalDouble.of(Peak.copy(threads));
      default -> OptionalDouble.empty();
    };
  }

  /// The OpenCL devices of this machine, one line each, or a line that says why there is none. The
  /// drivers are asked again, in a process of their own.
  public static List<String> openClDevices() {
    return Devices.describe();
  }
}
