package dae.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dae.kernel.simd.SimdBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract tests again with other vectors than this machine's widest. The width is a constant
/// of a JVM, so each takes a JVM of its own.
class LaneWidthTest {
  private static final List<Class<?>> CONTRACTS =
      List.of(
          ConvContractTest.class,
          ChannelContractTest.class,
          MapContractTest.class,
          PixelContractTest.class,
          DataContractTest.class,
          OptimiserContractTest.class);

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void contractsHoldWithForcedLanes(int bits) throws Exception {
    assumeTrue(bits <= SimdBackend.laneBits(), bits + "-bit vectors are wider than this machine's");
    assumeFalse(bits == SimdBackend.laneBits(), "the other tests run with " + bits + " bits");
    OwnJvm.run(LaneWidthTest.class, List.of("-Ddae.lanes=" + bits), "" + bits);
  }

  /// The tile for 16 registers, which a machine with 32 never takes by itself.
  @Test
  void contractsHoldWithSixteenRegisters() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs an x86-64 machine");
    assumeTrue(SimdBackend.laneBits() == 512, "needs a machine with AVX-512");
    OwnJvm.run(LaneWidthTest.class, List.of("-XX:UseAVX=2"), "256");
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
        try {
          test.invoke(contract.getDeclaredConstructor().newInstance(), TestBackends.simd(2));
          runs++;
        } catch (InvocationTargetException e) {
          throw new AssertionError(contract.getSimpleName() + "." + test.getName(), e.getCause());
        }
      }
    }
    assertTrue(runs > 0);
  }
}
