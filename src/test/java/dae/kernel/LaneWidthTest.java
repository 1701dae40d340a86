package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.kernel.simd.SimdBackend;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract tests again with other vectors than this machine's widest. The width is a constant of a JVM, so each takes a JVM of its
/// own.
class LaneWidthTest {
  private static final List<Class<?>> CONTRACTS =
      List.of(ConvContractTest.class, ChannelContractTest.class, PointwiseContractTest.class);

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void contractsHoldWithForcedLanes(int bits, @TempDir Path folder) throws Exception {
    assumeTrue(
        bits <= SimdBackend.laneBits(), bits + "-bit vectors are wider than this machine's");
    assumeFalse(bits == SimdBackend.laneBits(), "the other tests have run with " + bits + " bits");
    contractsHold(folder, bits, "-Ddae.lanes=" + bits);
  }

  /// The tile for 16 registers, which a machine with 32 never takes by itself.
  @ParameterizedTest
  @ValueSource(ints = {256})
  void contractsHoldWithSixteenRegisters(int bits, @TempDir Path folder) throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs an x86-64 machine");
    assumeTrue(SimdBackend.laneBits() == 512, "needs a machine with AVX-512");
    contractsHold(folder, bits, "-XX:UseAVX=2");
  }

  private static void contractsHold(Path folder, int bits, String option) throws Exception {
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector", option));
    String classes = System.getProperty("surefire.test.class.path");
    command.add("-cp");
    command.add(classes == null ? System.getProperty("java.class.path") : classes);
    command.addAll(List.of(LaneWidthTest.class.getName(), "" + bits));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "took too long: " + read(log));
      assertEquals(0, process.exitValue(), () -> read(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "no output: " + e;
    }
  }

  /// Runs every contract test once.
  ///
  /// @param arguments the lane width that this JVM must have
  public static void main(String[] arguments) throws Throwable {
    assertEquals(arguments[0], "" + SimdBackend.laneBits());
    int runs = 0;
    for (Class<?> contract : CONTRACTS) {
      for (Method test : contract.getDeclaredMethods()) {
        if (!test.isAnnotationPresent(ParameterizedTest.class)) {
          continue;
        }
        var constructor = contract.getDeclaredConstructor();
        try {
          test.invoke(constructor.newInstance(), TestBackends.simd(2));
          runs++;
        } catch (InvocationTargetException e) {
          throw new AssertionError(contract.getSimpleName() + "." + test.getName(), e.getCause());
        }
      }
    }
    assertTrue(runs > 0);
  }
}
