package dae.kernel.opencl;

import dae.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// The OpenCL devices of this machine.
public final class Devices {
  private Devices() {}

  /// What was found, or why nothing was.
  ///
  /// @param obstacle null where there is a device
  record Found(List<Device> devices, String obstacle) {}

  /// One line for each device, or one that says why there is none.
  public static List<String> describe() {
    Found found = find();
    return found.obstacle != null
        ? List.of(found.obstacle)
        : found.devices.stream().map(Device::describe).toList();
  }

  /// The selector of the device that `auto` tries: the first GPU, or with the system property
  /// `dae.opencl=any` the first of all.
  public static Optional<String> promising() {
    boolean any = "any".equals(System.getProperty("dae.opencl"));
    return find().devices.stream()
        .filter(device -> any || device.gpu())
        .map(Device::selector)
        .findFirst();
  }

  /// The device of a selector: empty for the first GPU, or the first of all if there is none, `p`
  /// for the first of platform p, `p.d` for one.
  ///
  /// @throws UserError if there is no such device, or it cannot run a plan
  static Device select(String selector) {
    Found found = find();
    if (found.obstacle != null) {
      throw new UserError(
          "opencl: expected a device, got none: " + found.obstacle + " — take --backend simd");
    }
    Device device =
        found.devices.stream()
            .filter(
                d -> selector.isEmpty() ? d.gpu() : (d.selector() + ".").startsWith(selector + "."))
            .findFirst()
            .orElse(selector.isEmpty() ? found.devices.getFirst() : null);
    if (device == null) {
      throw new UserError(
          "opencl: expected one of %s, got '%s' — doctor lists the devices"
              .formatted(found.devices.stream().map(Device::selector).toList(), selector));
    }
    if (device.obstacle() != null) {
      throw new UserError(
          "opencl: " + device.name() + ": " + device.obstacle() + " — take --backend simd");
    }
    return device;
  }

  static Found find() {
    if ("off".equals(System.getProperty("dae.opencl"))) {
      return none("off: this Java can corrupt memory under native code");
    }
    if (!hasLoader()) {
      return none("no loader library found");
    }
    // Otherwise JOCL loads whatever lies under a fixed name in the temporary folder.
    System.setProperty("uniqueLibraryNames", "true");
    try {
      CL.setExceptionsEnabled(true);
      List<Device> devices = new ArrayList<>();
      cl_platform_id[] platforms = platforms();
      for (int p = 0; p < platforms.length; p++) {
        devices.addAll(devices(p, platforms[p]));
      }
      return devices.isEmpty() ? none("no device found") : new Found(devices, null);
    } catch (LinkageError e) {
      return none("no loader library found");
    } catch (CLException e) {
      return none("no device found (" + e.getMessage() + ")");
    }
  }

  private static Found none(String why) {
    return new Found(List.of(), why);
  }

  /// Asked first, because JOCL's native part complains on stderr by itself where there is none.
  @SuppressWarnings("restricted")
  private static boolean hasLoader() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return true;
    }
    for (String name : List.of("libOpenCL.so.1", "libOpenCL.so")) {
      try (Arena arena = Arena.ofConfined()) {
        SymbolLookup.libraryLookup(name, arena);
        return true;
      } catch (IllegalArgumentException missing) {
        continue;
      }
    }
    return false;
  }

  private static cl_platform_id[] platforms() {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    return platforms;
  }

  /// A platform without devices, or with a broken driver, must not hide the others.
  private static List<Device> devices(int number, cl_platform_id platform) {
    List<Device> devices = new ArrayList<>();
    try {
      int[] count = new int[1];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] ids = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, ids.length, ids, null);
      for (int d = 0; d < ids.length; d++) {
        devices.add(Device.of(number + "." + d, platform, ids[d]));
      }
    } catch (CLException broken) {
      return devices;
    }
    return devices;
  }
}
