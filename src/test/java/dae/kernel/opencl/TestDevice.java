package dae.kernel.opencl;

import dae.kernel.TestBackends;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/// The OpenCL device under test with its insides.
final class TestDevice {
  private TestDevice() {}

  /// Skips the test where there is no device.
  static ClBackend open() {
    return (ClBackend) TestBackends.openCl().open();
  }

  /// Through calls that a test listens to, with a cache of its own. To be asked after [#open].
  static ClBackend open(Cl cl, Path cache) {
    return ClBackend.open(System.getProperty("device", ""), cl, cache, Assertions::fail);
  }
}
